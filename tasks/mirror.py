"""mirror: what administrators set in Prefect's forms is in the ledger within a minute, so that it outlives Prefect."""

from collections.abc import Mapping
from typing import Any

from prefect import task
from prefect.context import AsyncClientContext
from prefect.logging import get_logger

from catalog.policy import Policy
from catalog.policy_reading import PolicyRefused, read_policy
from catalog.texts import text
from engine.forms import KNOWN, POLICY, forms
from ledger.policies import version_of
from ledger.tables import PolicyRow
from tasks.concealing import concealed
from tasks.desk import city, ledger
from tasks.pinning import REFUSED, refusal
from tasks.retrying import VERB

STRANGE = "parameters_unknown"
OVERWRITTEN = "policy_overwritten"


@task(name="mirror-policies", **VERB)
@concealed
async def mirror_policies() -> None:
    """Each form that makes sense and differs from the ledger becomes its district's policy there.

    What makes no sense raises an alert, which ends when it makes sense again. What has not changed writes nothing.
    """
    before = await ledger().policies.in_force()  # read first: what a deploy sets meanwhile must not look old
    async with AsyncClientContext.get_or_create() as context:
        found = await forms(context.client)
    said = {(row.kind, row.subject): row.words for row in await ledger().alerts.open()}
    for district in before.keys() & found.keys() & city().districts.keys():
        faults, policy = _judged(district, found[district], before[district])
        for kind in (REFUSED, STRANGE):
            await _say(kind, district, faults.get(kind), said.get((kind, district)))
        if policy is not None and version_of(district, policy) != before[district].version:
            await _change(district, policy, before[district])


def _judged(district: str, parameters: Mapping[str, Any], before: PolicyRow) -> tuple[dict[str, str], Policy | None]:
    """The alerts that a form deserves, kind to words, and its policy where that makes sense."""
    faults = {}
    strange = sorted(parameters.keys() - KNOWN)
    if strange:
        faults[STRANGE] = text(f"alert.{STRANGE}.words", district=district, names="、".join(strange))
    try:
        return faults, read_policy(parameters.get(POLICY))
    except PolicyRefused as refused:
        return {**faults, REFUSED: refusal(district, str(refused), before.version)}, None


async def _say(kind: str, district: str, words: str | None, said: str | None) -> None:
    """Raise an alert once, and clear it when there is no more reason for it."""
    if words is None and said is not None:
        await ledger().alerts.clear(kind, district)
    elif words is not None and words != said:
        await ledger().alerts.raise_(kind, district, words)
        get_logger("huiyin.mirror").warning("%s", words)


async def _change(district: str, policy: Policy, before: PolicyRow) -> None:
    """The form's policy is the district's from now on. Where a form went back to the file's policy, somebody may have
    run `prefect deploy`, which does that without asking.
    """
    version = await ledger().policies.pin(district, policy, "form")
    get_logger("huiyin.mirror").info("%s has a new policy: %s instead of %s", district, version, before.version)
    undone = before.source == "form" and policy == city().district(district).policy
    words = text(f"alert.{OVERWRITTEN}.words", district=district, version=before.version) if undone else None
    if words is None:
        await ledger().alerts.clear(OVERWRITTEN, district)
    else:
        await ledger().alerts.raise_(OVERWRITTEN, district, words)
