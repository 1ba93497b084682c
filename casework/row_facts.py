"""What is measured on a row of an import before it is judged. Facts, not words: nothing of them says whose row it is.

What is allowed of each stands in the suite (`quality.intake`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from casework.elsewhere import Bounds
from casework.formulas import is_formula
from casework.garbled import garbled
from casework.written_times import read_time
from catalog.working_time import SHANGHAI

PHONE = r"^\+?[0-9][0-9 \-]{4,20}$"
PROPERTIES = ("complaint", "help", "question", "suggestion", "thanks", "report")
LOOKED_AT = 20_000  # characters of a cell: what is wrong with a longer one is its length

_PHONE = re.compile(PHONE)
_CUT = re.compile(r"1[0-9]{9}|1[0-9]{11,}")  # a mobile number with a digit lost or doubled
# Tabs, line feeds (Word's vertical one too) and what holds emoji together are harmless.
_CONTROL = re.compile("[\x00-\x08\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_ACTIVE = re.compile(
    r"<\s*/?\s*(?:script|iframe|object|embed|svg)\b|<[^<>]{0,500}\bon[a-z]{3,20}\s*=|javascript:", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class RowFacts:
    """None where a fact does not apply. `length` and `words` count characters, `ahead` seconds from now.

    `garbled`, `formula`, `control`, `markup`, `phone`, `property` and `unread_time` name the first field, or column,
    that has the fault; `elsewhere` is the foreign place, `doubled` the row that had the number before, `form` what the
    intake form refuses besides.
    """

    surplus: int = 0
    length: int | None = None
    words: int | None = None
    garbled: str | None = None
    formula: str | None = None
    control: str | None = None
    markup: str | None = None
    unread_time: str | None = None
    year: int | None = None
    ahead: float | None = None
    elsewhere: str | None = None
    phone: str | None = None
    property: str | None = None
    doubled: int | None = None
    form: str | None = None


def row_facts(
    cells: Mapping[str, str], fields: Mapping[str, str], bounds: Bounds, now: datetime, *, doubled: int | None = None
) -> RowFacts:
    """`cells` by column: a spreadsheet runs any of them; `fields`: what the intake form is given of them."""
    words = fields.get("text", "")
    asked = read_time(fields["created_at"]) if "created_at" in fields else None
    return RowFacts(
        length=len(words) or None,
        words=_said(words) if words else None,
        garbled=next((name for name, said in fields.items() if garbled(said[:LOOKED_AT])), None),
        formula=next((name for name, said in chain(fields.items(), cells.items()) if is_formula(said)), None),
        control=next((name for name, said in fields.items() if _CONTROL.search(said[:LOOKED_AT])), None),
        markup=next((name for name, said in fields.items() if _ACTIVE.search(said[:LOOKED_AT])), None),
        unread_time="created_at" if "created_at" in fields and asked is None else None,
        year=asked.astimezone(SHANGHAI).year if asked else None,
        ahead=(asked - now).total_seconds() if asked else None,
        elsewhere=bounds.elsewhere(fields.get("place", "")),
        phone="contact.phone" if not _dialled(fields.get("contact.phone")) else None,
        property="property" if fields.get("property", PROPERTIES[0]) not in PROPERTIES else None,
        doubled=doubled,
    )


def _said(words: str) -> int:
    """Letters, characters and digits; none where there are digits and signs alone."""
    start = words[:LOOKED_AT]
    return len(_WORD.findall(start)) if _LETTER.search(start) else 0


def _dialled(phone: str | None) -> bool:
    return phone is None or bool(_PHONE.match(phone) and not _CUT.fullmatch(re.sub("[ -]", "", phone)))
