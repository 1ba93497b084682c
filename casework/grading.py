"""The grade of a case: its item's, but never looser than what the emergency words of the request say."""

from typing import Any

from catalog.districts import District
from catalog.items import CatalogueItem
from catalog.policy import Grade


def graded(item: CatalogueItem | None, district: District, *, emergency: bool, hint: Grade) -> dict[str, Any]:
    """`{grade, limit}`: the grade and the item's own completion limit, if it sets one in this district.

    Where the item says so: `call_roles` (whose units are called to a joint visit), `long_standing` (积案), and of an
    emergency `line` (to whom it is referred at once). A grade A without danger now is handled as any other.
    """
    if item is None:
        return {"grade": str(Grade.A if emergency else hint), "limit": None}
    own = district.own_limit(item)
    grade = Grade.A if emergency else item.grade
    return {"grade": str(grade), "limit": str(own) if own and grade is item.grade else None} | _said(item, emergency)


def _said(item: CatalogueItem, emergency: bool) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if item.joint:
        said["call_roles"] = list(item.co_roles)
    if item.long_standing:
        said["long_standing"] = True
    if emergency and item.emergency:
        said["line"] = item.emergency
    return said
