"""Finds what identifies a person in free text and masks it: phones, identity and bank cards, plates, e-mail.

When in doubt it masks: a price lost from a sentence is a nuisance, a leaked number is a breach. The words themselves
are in the vault, so nothing is lost for those who may open it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from catalog.texts import text as shown


class Kind(StrEnum):
    """What a masked passage was."""

    EMAIL = "email"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    PLATE = "plate"


@dataclass(frozen=True, slots=True)
class Masked:
    """The text with each finding replaced by its kind in brackets; the kinds in the order they were found."""

    text: str
    found: tuple[Kind, ...]


def mask(text: str) -> Masked:
    """Mask personal data in Chinese free text; masking twice changes nothing more."""
    spans = sorted(_findings(text))
    parts, last = [], 0
    for start, end, kind in spans:
        parts += [text[last:start], shown(f"privacy.{kind}")]
        last = end
    return Masked("".join([*parts, text[last:]]), tuple(kind for _, _, kind in spans))


def _passes_luhn(written: str) -> bool:
    digits = [int(character) for character in reversed(written) if character.isdigit()]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def _is_spelled(written: str) -> bool:
    return any(ord(character) in _SPELLED for character in written)


def _always(written: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Pattern:
    """`regex` finds a kind in half-width text (its group ``it`` if it has one), `holds` looks closer."""

    kind: Kind
    regex: re.Pattern[str]
    holds: Callable[[str], bool] = _always


def _pattern(kind: Kind, written: str, holds: Callable[[str], bool] = _always) -> _Pattern:
    return _Pattern(kind, re.compile(written, re.VERBOSE | re.IGNORECASE | re.ASCII), holds)


_GAP = r"[ \t\-._·*]{1,2}"
_NOT_MONEY = r"(?!\d|\s?[元块万亿])"
_BEFORE = r"(?<!\d)(?<!\d\d\.)"  # neither inside a longer number nor the decimals of a coordinate
_COUNTRY = r"(?:\(?(?:\+|00)?86\)?[ \-]?)?"
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"  # GB/T 2260
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_MOBILE = rf"""1[3-9](?:
    \d{{9}}
  | \d {_GAP} \d{{4}} {_GAP} \d{{4}}
  | \d {_GAP} (?!20[0-4]\d{_MONTH_DAY}) \d{{8}}       # a route and a date are no phone: 131 20261125
  | \d {_GAP} \d{{3}} {_GAP} \d{{5}}
  | \d\d {_GAP} \d{{3}} {_GAP} \d{{4}}
  | \d{{3}} {_GAP} \d{{3}} {_GAP} \d{{3}}
  | \d{{3}} [ ] \d{{6}}
  | \d{{5}} {_GAP} \d{{4}}
  ) | 1{_GAP}[3-9](?:{_GAP}\d){{9}}"""

_PATTERNS = (
    _pattern(Kind.EMAIL, r"[a-z0-9._%+\-]{1,64}@(?:[a-z0-9\-]{1,63}\.){1,8}[a-z]{2,24}"),
    _pattern(Kind.ID_CARD, rf"{_BEFORE}{_PROVINCE}\d{{4}}(?:18|19|20)\d{{2}}{_MONTH_DAY}\d{{3}}[\dx](?!\d)"),
    _pattern(
        Kind.ID_CARD,
        rf"{_BEFORE}{_PROVINCE}\d{{4}}{_GAP}(?:18|19|20)\d{{2}}(?:{_GAP})?{_MONTH_DAY}{_GAP}\d{{3}}[\dx](?!\d)",
    ),
    _pattern(Kind.ID_CARD, rf"{_BEFORE}{_PROVINCE}\d{{6}}{_MONTH_DAY}\d{{3}}{_NOT_MONEY}"),
    _pattern(
        Kind.BANK_CARD,
        rf"{_BEFORE}62\d\d(?:(?:{_GAP})?\d{{4}}){{3}}(?:(?:{_GAP})?\d{{1,3}})?(?!\d)",
        _passes_luhn,
    ),
    _pattern(Kind.MOBILE, rf"{_BEFORE}{_COUNTRY}0?(?:{_MOBILE}){_NOT_MONEY}"),
    _pattern(
        Kind.LANDLINE,
        rf"""{_BEFORE}(?:{_COUNTRY}\(?0|\(?(?:\+|00)86\)?[ \-]?)(?:10|2\d|[3-9]\d\d)\)?[ \-]{{0,2}}
        [2-8]\d{{2,3}}[ \-]?\d{{4}}(?:\s?(?:-|转|ext\.?)\s?\d{{1,6}})?{_NOT_MONEY}""",
    ),
    _pattern(
        Kind.LANDLINE,
        rf"""(?:电话|座机|固话|手机|号码|联系方式|致电|拨打|tel|phone)号?[是为:\s]{{0,3}}
        (?P<it>[2-8]\d{{2,3}}[ \-]?\d{{4}}){_NOT_MONEY}""",
    ),
    _pattern(
        Kind.PLATE,
        r"""[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][a-hj-np-z][ \-.·]?
        (?=[a-z]*\d)(?:[a-hj-np-z0-9]{5,6}|[a-hj-np-z0-9]{4}[挂学警港澳])(?![a-z0-9])""",
    ),
    _pattern(
        Kind.PLATE,
        r"""(?:车牌|牌照)号?码?[是为:\s]{0,3}
        (?P<it>[a-hj-np-z][ \-.·]?(?=[a-z]*\d)[a-hj-np-z0-9]{5,6})(?![a-z0-9])""",
    ),
)
_SPELLED_MOBILE = _pattern(Kind.MOBILE, rf"(?<!\d)(?:{_MOBILE})(?!\d)", _is_spelled)

_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_HALF_WIDTH |= dict.fromkeys(map(ord, "\u3000\u00a0\u200b\ufeff\n"), ord(" "))
_HALF_WIDTH |= dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), ord("-"))
_HALF_WIDTH |= dict.fromkeys(map(ord, "•‧∙・●"), ord("·"))
_SPELLED = str.maketrans("零〇一幺二三四五六七八九", "001123456789")


def _findings(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Spans in the text, which keeps its length through every reading; an earlier pattern's finding wins."""
    half_width = text.translate(_HALF_WIDTH)
    free = [True] * len(text)
    readings = [(pattern, half_width) for pattern in _PATTERNS]
    readings.append((_SPELLED_MOBILE, half_width.translate(_SPELLED)))
    for pattern, reading in readings:
        for match in pattern.regex.finditer(reading):
            start, end = match.span("it" if "it" in pattern.regex.groupindex else 0)
            if all(free[start:end]) and pattern.holds(text[start:end]):
                free[start:end] = [False] * (end - start)
                yield start, end, pattern.kind
