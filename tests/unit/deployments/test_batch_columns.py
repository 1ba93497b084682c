"""Which column fills which field."""

import pytest

from deployments.batch_columns import Columns
from deployments.errors import CommandFailed

HEADER = ("title", "detail", "place", "who", "tel", "property")


def test_mappings_go_before_columns_called_like_fields() -> None:
    columns = Columns.of(HEADER, ["text=detail", "contact.name=who", "contact.phone=tel"])
    form = columns.form(("t", " 路灯不亮 ", "江畔", "张三", "13800138000", "投诉"))
    assert form == {
        "text": "路灯不亮",
        "place": "江畔",
        "property": "complaint",
        "contact": {"name": "张三", "phone": "13800138000"},
    }


def test_blank_cells_fill_nothing() -> None:
    columns = Columns.of(HEADER, ["text=detail", "contact.name=who"])
    assert columns.form(("t", "路灯", "", " ", "", "")) == {"text": "路灯", "contact": {}}


@pytest.mark.parametrize(
    ("header", "given", "told"),
    [
        (("title", "detail"), [], "--column text="),
        (("title", "detail"), ["text=body"], "body"),
        (("title", "title"), ["text=title"], "title"),
        (("title",), ["words=title"], "words"),
        (("title",), ["text"], "text=detail"),
    ],
)
def test_what_cannot_be_mapped_is_told(header: tuple[str, ...], given: list[str], told: str) -> None:
    with pytest.raises(CommandFailed, match=told):
        Columns.of(header, given)
