"""The grade of a case: its item's, but never looser than what the emergency words of the request say."""

from catalog.districts import District
from catalog.items import CatalogueItem
from catalog.policy import Grade


def graded(item: CatalogueItem | None, district: District, *, emergency: bool, hint: Grade) -> dict[str, str | None]:
    """`{grade, limit}`: the grade and the item's own completion limit, if it sets one in this district."""
    if item is None:
        return {"grade": str(Grade.A if emergency else hint), "limit": None}
    own = district.own_limit(item)
    grade = Grade.A if emergency else item.grade
    return {"grade": str(grade), "limit": str(own) if own and grade is item.grade else None}
