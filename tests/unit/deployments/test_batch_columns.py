"""Which column fills which field."""

import pytest

from deployments.batch_columns import Columns, form_of
from deployments.errors import CommandFailed

HEADER = ("title", "detail", "place", "who", "tel", "property")


def test_mappings_go_before_columns_called_like_fields() -> None:
    columns = Columns.of(HEADER, ["text=detail", "contact.name=who", "contact.phone=tel"])
    form = form_of(columns.fields(("t", " 路灯不亮 ", "江畔", "张三", "13800138000", "投诉")))
    assert form == {
        "text": "路灯不亮",
        "place": "江畔",
        "property": "complaint",
        "contact": {"name": "张三", "phone": "13800138000"},
    }


def test_blank_cells_fill_nothing() -> None:
    columns = Columns.of(HEADER, ["text=detail", "contact.name=who"])
    assert form_of(columns.fields(("t", "路灯", "", " ", "", ""))) == {"text": "路灯", "contact": {}}


@pytest.mark.parametrize(
    "called", ["来电时间", "受理日期", "created_at", "Reported Date", "date", "request_time", "occurred_at"]
)
def test_a_column_that_is_plainly_the_time_of_asking_is_taken_for_it(called: str) -> None:
    fields = Columns.of(("诉求内容", called, "事发地点"), []).fields(("路灯", "2026-03-01", "江畔"))
    assert fields == {"text": "路灯", "created_at": "2026-03-01", "place": "江畔"}


@pytest.mark.parametrize(
    "called", ["出生日期", "办结时间", "截止日期", "due_date", "closed_at", "birthdate", "编号", "电话号码"]
)
def test_what_may_be_something_else_is_not(called: str) -> None:
    assert Columns.of(("内容", called), []).fields(("路灯", "1980-01-01")) == {"text": "路灯"}


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("１３８００１３８０００", "13800138000"),
        ("(0755)12345678", "0755 12345678"),
        ("无", None),
        ("-", None),
        ("不详", None),
    ],
)
def test_a_phone_is_read_as_it_is_dialled(written: str, dialled: str | None) -> None:
    fields = Columns.of(HEADER, ["text=detail", "contact.phone=tel"]).fields(("", "路灯", "", "", written, ""))
    assert fields.get("contact.phone") == dialled


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
