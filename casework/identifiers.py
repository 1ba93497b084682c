"""Written numbers that lead to a person: phones, identity and bank cards, plates, e-mail, and the door of a home."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a masked passage was."""

    EMAIL = "email"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    PLATE = "plate"
    ROOM = "room"
    NAME = "name"
    NUMBER = "number"


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
_NO_DOOR = r"(?![\d.%]|\s*(?:[年月日个人平米元万套间多余名度天家级厘㎡m]|户(?![主室])))"
_DOORS = r"[a-z]?\d{3,4}(?:\s?[、,/和]\s?\d{3,4}(?!\d)){0,9}"

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
    # Street, estate and building stay, so that it can be read where it is; which door, only the vault knows.
    _pattern(
        Kind.ROOM,
        rf"""(?<=[栋幢座楼\#])\s*(?P<it>(?:\d{{1,2}}单元\s*)?(?:\d{{1,2}}[楼层]\s*)?{_DOORS}(?:室|号?房|号|户室)?){_NO_DOOR}""",
    ),
    _pattern(Kind.ROOM, rf"\d{{1,2}}单元\s*(?:\d{{1,2}}[楼层]\s*)?{_DOORS}(?:室|号?房|号|户室)?{_NO_DOOR}"),
    _pattern(Kind.ROOM, rf"(?<![\d.\-a-z]){_DOORS}(?:室|号房|户室|房(?![价贷产款屋租子东型改]))"),
    _pattern(Kind.ROOM, r"(?<![\d.\-])(?:[a-z]?\d{1,3}-)\d{1,2}-\d{3,4}(?![\d\-])(?:室|号?房|号)?"),
)
_SPELLED_PATTERNS = (
    _pattern(Kind.MOBILE, rf"(?<!\d)(?:{_MOBILE})(?!\d)", _is_spelled),
    _pattern(Kind.ROOM, r"(?<!\d)(?:\d{1,2}单元\s*)?\d{3,4}(?:室|号?房)(?![价贷产款屋租子东型改])", _is_spelled),
)

_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_HALF_WIDTH |= dict.fromkeys(map(ord, "\u3000\u00a0\u200b\ufeff\n"), ord(" "))
_HALF_WIDTH |= dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), ord("-"))
_HALF_WIDTH |= dict.fromkeys(map(ord, "•‧∙・●"), ord("·"))
_SPELLED = str.maketrans("零〇一幺二三四五六七八九", "001123456789")


def half_width(text: str) -> str:
    """The text with full-width letters, digits and signs made half-width; of the same length."""
    return text.translate(_HALF_WIDTH)


def spelled_out(text: str) -> str:
    """The text with Chinese digits written as Arabic ones; of the same length."""
    return text.translate(_SPELLED)


def identifiers(reading: str) -> Iterator[tuple[int, int, Kind]]:
    """Spans in half-width text, which may overlap: an earlier one is the better reading."""
    spelled = spelled_out(reading)
    for patterns, text in ((_PATTERNS, reading), (_SPELLED_PATTERNS, spelled)):
        for pattern in patterns:
            for match in pattern.regex.finditer(text):
                start, end = match.span("it" if "it" in pattern.regex.groupindex else 0)
                if pattern.holds(reading[start:end]):
                    yield start, end, pattern.kind
