"""Codes of things (井盖、灯杆、箱柜 …) as they stand on the thing, in a register, and in a citizen's words."""

import re

from casework.identifiers import half_width

LONGEST = 40
MOST = 20
"""So many codes of one text are looked up; who writes more is no citizen at a manhole."""

_CODE = re.compile(r"(?=[A-Z0-9-]*[0-9])[A-Z0-9](?:[A-Z0-9-]*[A-Z0-9])?")
_TOKEN = re.compile(r"[A-Z0-9](?:[A-Z0-9-]*[A-Z0-9])?")
_SHORTEST, _SHORTEST_NUMBER = 4, 6


def written(code: str) -> str:
    """The code as it is compared: half-width capitals, without blanks and leading marks such as 编号."""
    return half_width(code).upper().replace(" ", "").replace("－", "-").replace("_", "-")


def is_code(code: str) -> bool:
    """At least four letters, digits and hyphens with a digit among them; digits alone, at least six."""
    shortest = _SHORTEST_NUMBER if code.isdigit() else _SHORTEST
    return shortest <= len(code) <= LONGEST and _CODE.fullmatch(code) is not None


def codes_in(words: str) -> tuple[str, ...]:
    """What may be a code, each once, in order. A part of a longer run of letters and digits is none."""
    read = half_width(words).upper().replace("_", "-")
    found = dict.fromkeys(match.group() for match in _TOKEN.finditer(read) if is_code(match.group()))
    return tuple(found)[:MOST]
