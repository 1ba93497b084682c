"""Cells that a spreadsheet would run: `=cmd|' /C calc'!A0`, `=HYPERLINK(…)`, `@SUM(…)`."""

import re

from casework.identifiers import half_width

_RUNS = re.compile(
    r"""
      =[\x20-\x7e]*[A-Za-z0-9][\x20-\x7e]*\Z           # an equals sign, and nothing that is not ASCII
    | =[=+\-@\s(]*\$?[A-Za-z][A-Za-z0-9._$:!]*\s*[(&+*/^<>,-]   # a function, or a cell that is reckoned with
    | =[=+\-@\s(]*["']                               # a text in quotes that is
    | [+\-@=][\x20-\x7e]*\|[^|]*![A-Za-z$]            # another program: cmd|' /C calc'!A0
    | @[A-Za-z][A-Za-z0-9.]*\(                        # a function, as Lotus wrote it
    | [+\-][\x20-\x7e]*?(?<![A-Za-z])(?:HYPERLINK|WEBSERVICE|IMPORT[A-Z]*|DDE|RTD|CALL|EXEC|INDIRECT|CONCAT[A-Z]*
        |SUM|IF|CHAR|EVALUATE|REGISTER)\(
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST = 4096  # what begins like a formula shows it early


def is_formula(cell: str) -> bool:
    """Prose may begin with a dash or a plus, a phone number with `+86`: neither is one."""
    return bool(_RUNS.match(half_width(cell[:_LONGEST].lstrip("\ufeff \t\r\n\v\f\xa0"))))
