"""Opening: a run claims what it carries; a request's pins at its first wake the policy it was created with."""

from dataclasses import replace

from casework.events import Kind
from casework.states import State
from casework.steps import Verb, next_step
from tasks.desk import Claim, child_id, city, claims, held, hold, ledger
from tasks.pinning import pinned
from tasks.recording import record
from tasks.skew import left_alone
from tasks.standing import calls_of


async def open_case(case_no: str, policy: object) -> bool:
    """Claim the case. False when another run holds it: this one must come again.

    `policy` is whatever the run was created with: nobody has judged it yet.
    """
    await ledger().check_key()
    epoch = await ledger().claims.claim(case_no)
    if epoch is None:
        return False
    hold(Claim(case_no, epoch))
    loaded = await ledger().cases.load(case_no)
    if loaded.case.stage is State.RECEIVED and all(row.kind != Kind.PINNED for row in loaded.events):
        version, refused = await pinned(loaded.case.district, policy)
        why = {"refused": refused} if refused else {}
        await record(Kind.PINNED, policy_version=version, catalogue_version=city().catalogue.version, **why)
    return True


async def open_strand(case_no: str, strand: str) -> bool:
    """Claim a part or an ownership. False when another run holds it: this one must come again."""
    await ledger().check_key()
    epoch = await ledger().child_claims.claim(child_id(case_no, strand))
    if epoch is None:
        return False
    hold(Claim(case_no, epoch, strand=strand))
    return True


async def next_verb(case_no: str) -> Verb | None:
    """What casework says comes next for what this run has claimed."""
    strand = held().strand
    await claims(strand).renew(held().key, held().epoch)
    calls = await calls_of(held())  # read first: who calls after the look is heard
    loaded = await ledger().cases.load(case_no)
    hold(replace(held(), seq=loaded.case.seq, calls=calls))
    owed = await ledger().deliveries.owed(case_no, strand)
    now = await ledger().now()
    return next_step(loaded.case, loaded.policy, now, owed, but=await left_alone(), strand=strand)
