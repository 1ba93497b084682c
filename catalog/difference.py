"""Two versions of the catalogue compared, in words: what a city promises anew, otherwise, or no longer. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from catalog.items import Catalogue, CatalogueItem
from catalog.texts import text


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the newer version says otherwise; `code` is the item's, the class's or the role's."""

    kind: str
    code: str
    sentence: str


def differences(old: Catalogue, new: Catalogue) -> list[Difference]:
    """Classes, roles, then items in order of their codes; nothing where only the files' order differs."""
    classes = ({each.code: each.name for each in version.classes} for version in (old, new))
    return [*_named("class", *classes), *_named("role", old.roles, new.roles), *_items(old, new)]


def _named(what: str, old: dict[str, str], new: dict[str, str]) -> Iterator[Difference]:
    for code in sorted({*old, *new}):
        before, after = old.get(code), new.get(code)
        if before is None:
            yield _told(f"{what}_added", code, name=after)
        elif after is None:
            yield _told(f"{what}_removed", code, name=before)
        elif before != after:
            yield _told(f"{what}_renamed", code, old=before, new=after)


def _items(old: Catalogue, new: Catalogue) -> Iterator[Difference]:
    before, after = ({item.code: item for item in version.items} for version in (old, new))
    gone = {item.name: item for code, item in before.items() if code not in after}
    came = {item.name: item for code, item in after.items() if code not in before}
    for code in sorted({*before, *after}):
        was, now = before.get(code), after.get(code)
        if was is None and now is not None:
            was = gone.get(now.name)  # the same matter under another code
            yield _added(now) if was is None else _told("recoded", code, name=now.name, old=was.code, new=code)
        elif now is None and was is not None and was.name not in came:
            yield _told("removed", code, name=was.name)
        if was is not None and now is not None:
            yield from _changed(was, now, old, new)


def _added(item: CatalogueItem) -> Difference:
    where = {"class_name": item.class_name, "grade": item.grade.value, "phrases": len(item.phrases)}
    return _told("added", item.code, name=item.name, **where)


def _changed(was: CatalogueItem, now: CatalogueItem, old: Catalogue, new: Catalogue) -> Iterator[Difference]:
    if was.name != now.name:
        yield _told("renamed", now.code, name=now.name, old=was.name, new=now.name)
    if (was.grade, was.importance, was.urgency) != (now.grade, now.importance, now.urgency):
        yield _told("grade" if was.grade != now.grade else "weight", now.code, name=now.name, **_weights(was, now))
    for field, say in FIELDS.items():
        if getattr(was, field) != getattr(now, field):
            yield _told(field, now.code, name=now.name, old=say(was, old), new=say(now, new))
    for field in ("phrases", "keywords"):
        before, after = set(getattr(was, field)), set(getattr(now, field))
        if before != after:
            counted = {"added": len(after - before), "removed": len(before - after), "left": len(after)}
            yield _told(field, now.code, name=now.name, **counted)


def _weights(was: CatalogueItem, now: CatalogueItem) -> dict[str, str]:
    said = {"old": was, "new": now}
    grades = {f"{when}_grade": item.grade.value for when, item in said.items()}
    return grades | {when: f"{item.importance}×{item.urgency}" for when, item in said.items()}


def _plain(field: str) -> Callable[[CatalogueItem, Catalogue], str]:
    """The field as it is written."""
    return lambda item, version: getattr(item, field) or text("catalogue_difference.none")


def _choice(field: str, key: str) -> Callable[[CatalogueItem, Catalogue], str]:
    """One of a few values, by its Chinese name."""

    def said(item: CatalogueItem, version: Catalogue) -> str:
        value = getattr(item, field)
        return text(f"{key}.{value}" if value else "catalogue_difference.none")

    return said


def _roles(field: str) -> Callable[[CatalogueItem, Catalogue], str]:
    """Roles by what their own version calls them."""

    def said(item: CatalogueItem, version: Catalogue) -> str:
        value = getattr(item, field)
        roles = (value,) if isinstance(value, str) else value
        return "、".join(version.roles[role] for role in roles) or text("catalogue_difference.none")

    return said


def _flag(field: str) -> Callable[[CatalogueItem, Catalogue], str]:
    return lambda item, version: text(f"catalogue_difference.{'yes' if getattr(item, field) else 'no'}")


FIELDS: dict[str, Callable[[CatalogueItem, Catalogue], str]] = {
    "completion": lambda item, version: item.completion or text("catalogue_difference.by_grade"),
    "role": _roles("role"),
    "co_roles": _roles("co_roles"),
    "joint": _flag("joint"),
    "level": _choice("level", "unit_level"),
    "emergency": _plain("emergency"),
    "property": _choice("property", "property"),
    "long_standing": _flag("long_standing"),
    "basis": _plain("basis"),
    "covers": _plain("covers"),
    "excludes": _plain("excludes"),
}


def _told(kind: str, code: str, **values: object) -> Difference:
    return Difference(kind, code, text(f"catalogue_difference.{kind}", code=code, **values))
