"""Which column of a file fills which field of the intake form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.identifiers import half_width
from casework.row_facts import PROPERTIES
from catalog.texts import text
from deployments.errors import CommandFailed

FIELDS = (
    "text",
    "place",
    "longitude",
    "latitude",
    "property",
    "addressee",
    "on_behalf_of",
    "contact.name",
    "contact.phone",
    "external_id",
    "created_at",
)
_OTHER_TIMES = "出生|办结|办理|截止|完成|结束|到期|更新|修改|回复|答复|处置|派单|签收|回访|评价"
_OTHER_TIMES_ABROAD = "birth|due|clos|complet|updat|finish|resolv|expir|end|dead|modif|repl|handl|dispos"
CALLED = tuple(  # the first column called like this fills the field, if nothing else does
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("text", "(?:诉求|留言|来信|问题)?(?:内容|详情|描述|正文)"),
        ("place", "(?:诉求|事发|事件|问题|发生|具体|详细)?(?:地点|地址|位置)|所在地|location|address"),
        ("place", "(?:所属|所在)?(?:街道|区域|辖区)"),
        ("created_at", f"(?!.*(?:{_OTHER_TIMES})).{{0,6}}(?:时间|日期)"),
        ("created_at", f"(?!{_OTHER_TIMES_ABROAD})(?:[a-z]+[_ ]?)?(?:date|time|datetime|timestamp)"),
        ("created_at", f"(?!{_OTHER_TIMES_ABROAD})[a-z]+[_ ]at"),
    )
)
_NOBODY = re.compile(r"无|暂无|没有|不详|未知|未填|匿名|保密|[-—/\\*.]+|n/?a|none|null", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """Field to the place of its column in a row."""

    places: Mapping[str, int]

    @classmethod
    def of(cls, header: Sequence[str], given: Sequence[str]) -> "Columns":
        """A column called like a field fills it; `given` (`text=detail`) goes before. Raises `CommandFailed`.

        No column is taken for the channel's own number by its name: what is called 编号 may begin anew in each file.
        """
        places = {name: header.index(name) for name in FIELDS if name in header}
        places |= dict(_given(header, mapping) for mapping in given)
        places = _called(header, places)
        if "text" not in places:
            raise CommandFailed(text("cli.import.no_text", columns="、".join(header)))
        return cls(places)

    def fields(self, cells: Sequence[str]) -> dict[str, str]:
        """The fields that a row fills in, flat; blank cells fill nothing, and neither does 无 for a phone."""
        filled = {name: cells[place].strip() for name, place in self.places.items() if cells[place].strip()}
        if "property" in filled:
            filled["property"] = _property(filled["property"])
        if "contact.phone" in filled:
            phone = re.sub("[()]", " ", half_width(filled.pop("contact.phone"))).strip()
            filled |= {} if _NOBODY.fullmatch(phone) else {"contact.phone": phone}
        return filled


def form_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """A row's fields as the intake form has them; the time of asking is no part of it."""
    filled: dict[str, Any] = {name: said for name, said in fields.items() if name != "created_at"}
    contact = {name: filled.pop(f"contact.{name}") for name in ("name", "phone") if f"contact.{name}" in filled}
    return {**filled, "contact": contact}


def _given(header: Sequence[str], mapping: str) -> tuple[str, int]:
    name, equals, column = mapping.partition("=")
    if not equals:
        raise CommandFailed(text("cli.import.no_mapping", mapping=mapping))
    if name not in FIELDS:
        raise CommandFailed(text("cli.import.no_field", name=name, fields=", ".join(FIELDS)))
    if header.count(column) != 1:
        raise CommandFailed(text("cli.import.no_column", column=column, columns="、".join(header)))
    return name, header.index(column)


def _called(header: Sequence[str], taken: Mapping[str, int]) -> dict[str, int]:
    """What is missing from `taken`, by the names of the columns that are left."""
    found = dict(taken)
    for name, pattern in CALLED:
        free = (
            place for place, column in enumerate(header) if place not in found.values() and pattern.fullmatch(column)
        )
        if name not in found and (place := next(free, None)) is not None:
            found[name] = place
    return found


def _property(given: str) -> str:
    """Files of districts say 投诉 where the form says complaint."""
    return {text(f"property.{code}"): code for code in PROPERTIES}.get(given, given)
