"""summon: each called unit's part and each ownership gets a run of its own, shown under this one."""

from prefect import task

from casework.strands import strand_named
from engine.child_runs import NewChild
from engine.prefect_api import PrefectApi
from ledger.settings import settings
from tasks.concealing import concealed
from tasks.desk import ledger
from tasks.labels import child_name, tags_of
from tasks.retrying import VERB
from tasks.this_run import this_run


@task(name="summon", **VERB)
@concealed
async def summon(case_no: str) -> None:
    """Make the runs that are missing. Made twice by a crash in between, it is the same run both times."""
    case = (await ledger().cases.load(case_no)).case
    door = PrefectApi(settings().prefect_url, settings().prefect_auth)
    try:
        for row in await ledger().children.unborn(case_no):
            strand = strand_named(case, row.strand)
            if strand is None:
                continue
            child = NewChild(
                child_id=row.child_id,
                case_no=case_no,
                strand=row.strand,
                flow=row.flow,
                district=row.district,
                grade=row.grade,
                generation=row.generation,
                name=child_name(case, strand),
                tags=sorted(tags_of(case, strand)),
            )
            made = await door.create_child(str(this_run().id), child)
            await ledger().children.born(row.child_id, made.flow_run_id, made.task_run_id, row.generation)
    finally:
        await door.close()
