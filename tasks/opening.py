"""Opening: a run claims its case, and pins at its first wake the policy it was created with."""

from dataclasses import replace

from casework.case import State
from casework.events import Kind
from casework.steps import Verb, next_step
from catalog.policy import Policy
from tasks.desk import Claim, city, held, hold, ledger
from tasks.recording import record


async def open_case(case_no: str, policy: Policy) -> bool:
    """Claim the case. False when another run holds it: this one must come again."""
    epoch = await ledger().claims.claim(case_no)
    if epoch is None:
        return False
    hold(Claim(case_no, epoch))
    loaded = await ledger().cases.load(case_no)
    if loaded.case.state is State.RECEIVED and all(row.kind != Kind.PINNED for row in loaded.events):
        version = await ledger().policies.pin(loaded.case.district, policy, "run")
        await record(Kind.PINNED, policy_version=version, catalogue_version=city().catalogue.version)
    return True


async def next_verb(case_no: str) -> Verb | None:
    """What casework says comes next for the claimed case."""
    await ledger().claims.renew(case_no, held().epoch)
    loaded = await ledger().cases.load(case_no)
    hold(replace(held(), seq=loaded.case.seq))
    owed = await ledger().deliveries.owed(case_no)
    return next_step(loaded.case, loaded.policy, await ledger().now(), owed)
