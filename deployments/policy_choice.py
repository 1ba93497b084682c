"""Which policy a district's deployment is to hold: what an administrator set in the form is not undone unasked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from catalog.policy import Policy
from catalog.policy_reading import PolicyRefused, read_policy
from deployments.policy_difference import Difference, differences

Source = Literal["file", "form", "ledger", "version"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The parameter to register, where it is from, how the file differs from it (or, taken from the file, what it
    replaces), and what is wrong with it. Only a policy without fault is pinned."""

    parameter: object
    source: Source
    differences: tuple[Difference, ...] = ()
    fault: str | None = None

    @property
    def policy(self) -> Policy:
        """Raises `PolicyRefused` for one with a fault."""
        return read_policy(self.parameter)

    @property
    def deliberate(self) -> bool:
        """Whether somebody asked for this policy by a command."""
        return self.source in ("file", "version")


def choose(
    file: Policy, form: object, pinned: Policy | None, *, from_file: bool = False, version: Policy | None = None
) -> Choice:
    """`form` is the deployment's present parameter; `pinned` what the ledger knows of a form that Prefect has lost.

    `version` is one that was asked for.
    """
    written = _body(file)
    if version is not None:
        return Choice(_body(version), "version", tuple(differences(written, _body(version))))
    if form is not None:
        kept = _kept(written, form)
    elif pinned is not None:
        kept = Choice(_body(pinned), "ledger", tuple(differences(written, _body(pinned))))
    else:
        return Choice(written, "file")
    return Choice(written, "file", kept.differences) if from_file else kept


def _kept(written: Mapping[str, Any], form: object) -> Choice:
    try:
        return Choice(form, "form", tuple(differences(written, _body(read_policy(form)))))
    except PolicyRefused as refused:
        set_so = form if isinstance(form, Mapping) else {}
        return Choice(form, "form", tuple(differences(written, set_so)), str(refused))


def _body(policy: Policy) -> dict[str, Any]:
    return policy.model_dump(mode="json")
