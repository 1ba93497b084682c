"""What is wrong with a form, field by field, without repeating what was written in it: that may be personal."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from catalog.marked import written
from catalog.texts import text

TOLD = {
    "missing": "missing",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "pattern",
    "literal_error": "none_of",
    "enum": "none_of",
    "extra_forbidden": "unknown",
    "json_invalid": "json",
}


def form_faults(error: ValidationError) -> str:
    """One line: each field and its sentence."""
    return "；".join(_told(error))


def _told(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_input=False):
        field = written(problem["loc"])
        yield f"{field}：{_sentence(problem)}" if field else _sentence(problem)


def _sentence(problem: ErrorDetails) -> str:
    key = TOLD.get(problem["type"])
    return text(f"form_fault.{key}", **problem.get("ctx", {})) if key else problem["msg"]
