"""A policy as somebody wrote it, judged: it makes sense, or it is refused with its fault."""

from pydantic import ValidationError

from catalog.form_faults import form_faults
from catalog.policy import Policy
from catalog.policy_fields import field_name
from catalog.texts import text


class PolicyRefused(ValueError):
    """The policy makes no sense; says each field, as the form calls it, and its fault."""


def read_policy(written: object) -> Policy:
    """The policy that a form, a file or somebody around them wrote. Raises `PolicyRefused`."""
    if not isinstance(written, dict | Policy):
        raise PolicyRefused(text("form_fault.no_policy"))
    try:
        return Policy.model_validate(written)
    except ValidationError as error:
        raise PolicyRefused(form_faults(error, field_name)) from error
