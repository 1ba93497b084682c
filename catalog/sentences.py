"""A pydantic error as one clear sentence that says what to do."""

from pydantic_core import ErrorDetails

from catalog.limits import LIMIT_PATTERN, BadLimit, Limit

_FIXED = {
    "missing": "this field is missing: write it",
    "extra_forbidden": "there is no such field: correct its name or take it out",
    "string_type": "“{given}” must be a text: put it in quotes",
    "literal_error": "“{given}” is none of {expected}",
    "enum": "“{given}” is none of {expected}",
    "value_error": "{error}",
    "district": "{sentence}",
}
_OWN = frozenset({"rungs_do_not_rise", "foreign_action", "callback_does_not_end"})  # policy's, whole sentences


def sentence(problem: ErrorDetails) -> str:
    """What is wrong with the field's value; the field and its line are told by the caller."""
    given, context = problem["input"], problem.get("ctx", {})
    if problem["type"] in _FIXED:
        return _FIXED[problem["type"]].format(**{"given": given, **context})
    if problem["type"] in _OWN:
        return problem["msg"]
    if problem["type"] == "string_pattern_mismatch":
        return _mismatch(str(given), str(context["pattern"]))
    message = problem["msg"][0].lower() + problem["msg"][1:]
    return f"“{given}” is not right: {message}" if isinstance(given, str | int | float) else f"not right: {message}"


def _mismatch(given: str, pattern: str) -> str:
    if pattern != LIMIT_PATTERN:
        return f"“{given}” does not have the form {pattern}"
    try:
        return f"“{Limit.parse(given)}” is a limit"
    except BadLimit as error:
        return str(error)
