"""Which policy a district's deployment is to hold: what an administrator set in the form is not undone unasked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from catalog.policy import Policy
from deployments.form_faults import form_faults
from deployments.policy_difference import Difference, differences

Source = Literal["file", "form", "ledger"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The parameter to register, where it is from, how the file differs from it (or, taken from the file, what it
    replaces), and what is wrong with it. Only a policy without fault is pinned."""

    parameter: Mapping[str, Any]
    source: Source
    differences: tuple[Difference, ...] = ()
    fault: str | None = None

    @property
    def policy(self) -> Policy:
        return Policy.model_validate(dict(self.parameter))


def choose(file: Policy, form: Mapping[str, Any] | None, pinned: Policy | None, *, from_file: bool) -> Choice:
    """`form` is the deployment's present parameter; `pinned` what the ledger knows of a form that Prefect has lost."""
    written = file.model_dump(mode="json")
    if form is not None:
        fault = _fault(form)
        set_so = Policy.model_validate(dict(form)).model_dump(mode="json") if fault is None else dict(form)
        kept = Choice(form, "form", tuple(differences(written, set_so)), fault)
    elif pinned is not None:
        body = pinned.model_dump(mode="json")
        kept = Choice(body, "ledger", tuple(differences(written, body)))
    else:
        return Choice(written, "file")
    return Choice(written, "file", kept.differences) if from_file else kept


def _fault(form: Mapping[str, Any]) -> str | None:
    try:
        Policy.model_validate(dict(form))
    except ValidationError as error:
        return form_faults(error)
    return None
