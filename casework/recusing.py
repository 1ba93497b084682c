"""Which units a complaint is about (回避): such a case is neither sent nor shown to them.

Only what is said plainly counts: a unit blamed for what it did, not one that is asked to act, nor a place of its name.
Who is blamed in other words is found by a dispatcher. Patterns never go back over what they have read: a letter may be
of 20,000 characters.
"""

import re
from collections.abc import Iterator

from casework.case import Case
from casework.errors import BadAct
from casework.events import Act, Kind
from catalog.districts import District, Unit

_END = "，。；：！？,;:!?\\s"
_STAFF = (
    "工作人员|办事人员|执法人员|窗口人员|值班人员|人员|执法队员|队员|办事员|接线员|窗口|大厅|前台|客服|民警|辅警|警察|交警|"
    "城管|领导|干部|负责人|科长|局长|副局长|所长|队长|主任|书记|站长|[\u4e00-\u9fff]某某?"
)
_FILLING = (
    "的|了|一直|长期|多年|互相|相互|之间|还是|仍然|总是|都|就|也|在|又|再次|多次|根本|完全|严重|存在|涉嫌|非常|十分|很|太|"
    "极其|极度|服务|办事|工作|接电话时?|执法时?|执法|对(?:群众|百姓|老百姓|市民|居民|此事|此|我们?|业主)|和|与|跟|及|、"
)
_WRONG = (
    "不作为|乱作为|慢作为|懒政|怠政|不担当|态度(?:恶劣|极差|太差|很差|差|不好|蛮横|傲慢|冷漠|粗暴|敷衍)|推诿|推脱|推卸责任|"
    "踢皮球|敷衍|乱罚款|吃拿卡要|索要(?:红包|好处)|收受?(?:红包|好处|贿赂|礼金)|受贿|贪污|腐败|以权谋私|不履行职责|不履职|"
    "渎职|失职|滥用职权|包庇|充当保护伞|暴力执法|粗暴执法|野蛮执法|违规执法|选择性执法|不理不睬|置之不理|不予理睬|不管不问|"
    "(?:迟迟|拒)不(?:处理|办理|答复|回复|受理)|没人接(?:电话)?|无人接听|不接电话|辱骂|骂人|刁难"
)
_IN_ITS_OWN_NAME = "乱收费|违规收费"  # of what lies in a street, the street's name is only the place
_TO_US = "辱骂|骂|殴打|打了|打伤|刁难|恐吓|威胁|乱罚款?|敷衍|忽悠|推来推去"
_ITS_WORK = "处理|答复|回复|工作|服务|执法|结果|方式|行为|态度|意见|作风|的|很|非常|十分|极其|极度|强烈|表示|深感"
_LOOKED_INTO = "处理|查处|查一?查|处分|调查|问责|追究|督办|纠正|监督"
_ASKED = re.compile(
    f"(?:请|希望|望|盼|建议|要求|恳请|呼吁|如果|若|要是|假如|倘若|不是|并非|感谢|表扬|谢谢)(?:(?!{_LOOKED_INTO})[^{_END}])*$"
)
_BEFORE = re.compile("(?:已经?|之前|曾经?|多次|先前|以前|向|去)$")


def recused(district: District, text: str) -> tuple[str, ...]:
    """Codes of the units that the words blame, in the order in which they stand."""
    forms = _forms(district)
    names = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    found = sorted(_blamed(text, names, _places(district)))
    return tuple(dict.fromkeys(forms[name] for _, name in found))


def may_have(case: Case, act: Act) -> None:
    """Raises `BadAct` where the act would give the case, or a part of it, to a unit that the complaint is about."""
    field = GIVES_TO.get(act.kind)
    given = act.data.get(field, ()) if field else ()
    for unit in (given,) if isinstance(given, str) else given:
        if unit in case.recused:
            raise BadAct(field or "", f"must not be {unit}: the complaint is about it (回避), choose another unit")


GIVES_TO = {
    Kind.ASSIGNED: "unit",
    Kind.RULED: "unit",
    Kind.DELEGATED: "to",
    Kind.WHISTLED: "units",
    Kind.REFERRED: "unit",
    Kind.MERGED: "unit",
}


def _blamed(text: str, names: str, places: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Where a name stands of which something is said that only a unit can have done."""
    gap = f"(?:{names}|{_STAFF}|{_FILLING}){{0,12}}+"
    for match in re.finditer(f"({names})({gap})(?={_WRONG})", text):
        yield from _each(text, match, names)
    for match in re.finditer(f"({names})({gap})(?={_IN_ITS_OWN_NAME})", text):
        if match[1] not in places or re.search(_STAFF, match[2]):
            yield from _each(text, match, names)
    for match in re.finditer(
        f"(?:投诉|举报|检举|控告)(?:一下)?({names})((?:{names}|{_STAFF}|的|、|和){{0,8}}+)(?=[{_END}]|$)", text
    ):
        own = match[1] not in places or match[2]
        if own and not _BEFORE.search(text[: match.start()]):
            yield match.start(1), match[1]
    for match in re.finditer(f"(?:对|对于|针对)({names})(?:{_STAFF}|{_ITS_WORK}){{0,8}}+(?:不满|投诉|举报)", text):
        yield match.start(1), match[1]
    for match in re.finditer(f"被({names})(?:的|{_STAFF}|多次|无故|当众){{0,6}}+(?:{_TO_US})", text):
        yield match.start(1), match[1]


def _each(text: str, match: re.Match[str], names: str) -> Iterator[tuple[int, str]]:
    """The first name and those that stand beside it (“城管局和住建局互相推诿”), unless they are only asked to act."""
    if _ASKED.search(text[: match.start()]):
        return
    yield match.start(), match[1]
    for beside in re.finditer(names, match[2]):
        yield match.start(2) + beside.start(), beside[0]


def _forms(district: District) -> dict[str, str]:
    """The names that citizens give units; one that two units could be called is nobody's."""
    written = {name: unit.code for unit in district.units for name in (unit.name, *unit.aliases)}
    short: dict[str, set[str]] = {}
    for unit in district.units:
        for form in _short(unit):
            short.setdefault(form, set()).add(unit.code)
    return {form: next(iter(codes)) for form, codes in short.items() if len(codes) == 1} | written


def _short(unit: Unit) -> Iterator[str]:
    for name in (unit.name, *unit.aliases):
        bare = re.sub("^[区市]", "", name)
        if len(bare) >= 3:
            yield bare
        for whole, part in (
            ("街道办事处", "街道办"),
            ("街道办事处", "街道"),
            ("社区工作站", "社区"),
            ("社区居委会", "社区"),
        ):
            if name.endswith(whole):
                yield name.removesuffix(whole) + part


def _places(district: District) -> frozenset[str]:
    """Names that are a place as well."""
    streets = {name for street in district.streets for name in (street.name, *street.aliases)}
    communities = (community for street in district.streets for community in street.communities)
    return frozenset(streets | {name for one in communities for name in (one.name, *one.aliases)})
