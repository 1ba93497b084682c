"""What a case was given of its people, contact and on whose behalf, and where it occurs again in free words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from casework.identifiers import Kind, half_width, spelled_out
from casework.surnames import ANY

FIELDS = ("name", "phone", "on_behalf_of")
"""The vault's fields that say who somebody is."""

HAN = "\u3400-\u9fff"
_TITLE = "先生|女士|小姐|太太|同志|阿姨|叔叔|大爷|大妈|大叔|大姐|大哥|大娘|奶奶|爷爷|婆婆|老师|师傅|某|姓"
_GAP = r"[\s\-._·*()+]{0,2}"

# A contact's name is often written with more beside it: these words part it from the rest, and are no names.
_BESIDE = re.compile(
    "姓名|名字|称呼|联系人|联系电话|联系方式|联系|电话|号码|手机号?|座机|微信号?|身份证号?码?|证件|车牌号?|邮箱|我叫|名叫|我是|本人|"
    "业主|居民|村民|租户|住户|租客|市民|群众|网友|家属|家长|邻居|房东|户主|朋友|同事|匿名|保密|不详|未知|不便透露|公开|"
    "父亲|母亲|爸爸|妈妈|丈夫|妻子|老公|老婆|儿子|女儿|哥哥|姐姐|弟弟|妹妹|老人|孩子|家住|现住|住在|先生|女士|小姐"
)
_PERHAPS_BESIDE = re.compile("[代替帮为和及与住男女岁]")  # or in a name: 王和平, 张胜男
_NO_PERSON = re.compile(
    "(?:公司|社区|街道|小区|花园|村|委员会|委|局|站|所|院|校|厂|店|队|办|中心|管理处|物业|路|街|号|栋|单元|室|房|苑|区|市|省|县|镇)$"
)
_TITLED = re.compile(f"({ANY})(?:{_TITLE})+|[小老阿]({ANY})(?![{HAN}])")
_RUN = re.compile(f"[{HAN}]+(?:·[{HAN}]+)*")
_LATIN = re.compile(r"[a-z]{3,}(?:[ .'\-]{1,2}[a-z]{2,})*", re.IGNORECASE)
_NO_LATIN = frozenset({"tel", "phone", "wechat", "weixin", "mobile", "email", "name", "mrs", "miss", "none", "null"})
_NUMBER = re.compile(r"\+?\d(?:[\s\-]{0,2}\d){5,}")


@dataclass(frozen=True)
class Given:
    """Names as they were given (two characters at least), surnames of people addressed by title, and bare numbers."""

    names: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> "Given":
        """From the fields of `FIELDS` that are there."""
        written = [half_width(fields[name]) for name in FIELDS if fields.get(name)]
        people = [half_width(fields[name]) for name in ("name", "on_behalf_of") if fields.get(name)]
        names = frozenset(name for field in people for name in _names(field))
        titled = {first or second for field in people for first, second in _TITLED.findall(field)}
        led = {match.group() for name in names if (match := re.match(ANY, name))}
        return cls(names, frozenset(titled | led), frozenset(number for field in written for number in _numbers(field)))

    def named(self, reading: str) -> Iterator[tuple[int, int, Kind]]:
        """Where the names stand in half-width text, however spaced or cased."""
        if self._named is not None:
            for match in self._named.finditer(reading):
                yield (*match.span(), Kind.NAME)

    def numbered(self, reading: str) -> Iterator[tuple[int, int, Kind]]:
        """Where the numbers stand in half-width text, however spaced or spelled."""
        if self._numbered is not None:
            for match in self._numbered.finditer(spelled_out(reading)):
                yield (*match.span(), Kind.NUMBER)

    @cached_property
    def _named(self) -> re.Pattern[str] | None:
        longest_first = sorted(self.names, key=len, reverse=True)
        ways = [_loosely(name) for name in longest_first]
        ways += [f"{surname}(?={_TITLE})" for surname in sorted(self.surnames)]
        return re.compile("|".join(ways), re.IGNORECASE) if ways else None

    @cached_property
    def _numbered(self) -> re.Pattern[str] | None:
        ways = [_GAP.join(number) for number in sorted(self.numbers, key=len, reverse=True)]
        return re.compile(f"(?<!\\d)(?:{'|'.join(ways)})(?!\\d)") if ways else None


NOBODY = Given()


def _loosely(name: str) -> str:
    """The name's pattern: Chinese characters may stand apart, Latin letters are not part of a longer word."""
    if re.match("[a-z]", name, re.IGNORECASE):
        return rf"(?<![a-z]){re.escape(name)}(?![a-z])"
    return r"[\s·.]{0,2}".join(re.escape(character) for character in name if character != "·")


def _names(field: str) -> Iterator[str]:
    together = re.sub(f"(?<![{HAN}])([{HAN}])\\s+([{HAN}]{{1,2}})(?![{HAN}])", r"\1\2", field)
    for run in _RUN.findall(together):
        for piece in _BESIDE.split(run):
            for name in {piece, *_PERHAPS_BESIDE.split(piece)}:
                yield from _name(name)
    for latin in _LATIN.findall(field):
        if latin.lower() not in _NO_LATIN:
            yield latin


def _name(piece: str) -> Iterator[str]:
    """The names that a run of characters may be: of a long one, its beginnings too."""
    name = re.sub(f"(?:{_TITLE})+$", "", piece)
    if len(name) < 2 or _TITLED.fullmatch(piece) or (len(name) > 3 and _NO_PERSON.search(name)):
        return
    yield name
    led = re.match(ANY, name)
    if led and len(name) > led.end() + 2:
        yield name[: led.end() + 2]
        yield name[: led.end() + 1]
    yield from (part for part in name.split("·") if len(part) > 1 and part != name)


def _numbers(field: str) -> Iterator[str]:
    """Each number's digits: at least six, also without the codes of country and area."""
    for written in _NUMBER.findall(field):
        digits = re.sub(r"\D", "", written)
        national = re.sub(r"^(?:00)?86(?=\d{9})", "", digits)
        yield from {digits, national, re.sub(r"^0?(?:10|2\d|[3-9]\d\d)(?=[2-8]\d{6,7}$)", "", national)}
