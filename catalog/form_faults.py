"""What is wrong with a form, field by field, without repeating what was written in it: that may be personal."""

from collections.abc import Callable, Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from catalog.marked import Loc, written
from catalog.texts import text

TOLD = {
    "missing": "missing",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "pattern",
    "string_type": "no_text",
    "literal_error": "none_of",
    "enum": "none_of",
    "extra_forbidden": "unknown",
    "json_invalid": "json",
    "model_type": "no_fields",
    "tuple_type": "no_list",
    "too_short": "too_short",
    "int_type": "no_integer",
    "int_parsing": "no_integer",
    "int_from_float": "no_integer",
    "float_type": "no_number",
    "float_parsing": "no_number",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "rungs_do_not_rise": "rungs_do_not_rise",
    "foreign_action": "foreign_action",
    "callback_does_not_end": "callback_does_not_end",
}


def form_faults(error: ValidationError, name: Callable[[Loc], str] = written) -> str:
    """One line: each field and its sentence. `name` says how a field is called there."""
    return "；".join(_told(error, name))


def _told(error: ValidationError, name: Callable[[Loc], str]) -> Iterator[str]:
    for problem in error.errors(include_input=False):
        field = name(problem["loc"])
        yield f"{field}：{_sentence(problem)}" if field else _sentence(problem)


def _sentence(problem: ErrorDetails) -> str:
    key = TOLD.get(problem["type"])
    return text(f"form_fault.{key}", **problem.get("ctx", {})) if key else problem["msg"]
