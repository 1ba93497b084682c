"""Which columns of a labelled file are read, and which rows."""

from pathlib import Path

import pytest

from deployments.errors import CommandFailed
from deployments.labelled_file import LabelledColumns, LabelledRow


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    lines = ["标题,title,detail,label", "一,路灯, 不亮 ,照明", "二,,,照明", "三,打桩,,", "四,欠薪,,工资"]
    path.write_text("\n".join(lines), encoding="gb18030")
    return path


def test_the_usual_columns_are_found_and_incomplete_rows_left_out(file: Path) -> None:
    assert LabelledColumns.of(None, None).read(file) == [
        LabelledRow(2, ("路灯", "不亮"), "照明"),
        LabelledRow(5, ("欠薪", ""), "工资"),
    ]


def test_columns_are_read_as_they_are_asked_for(file: Path) -> None:
    rows = LabelledColumns.of("detail, title", "标题").read(file)
    assert rows[0] == LabelledRow(2, ("不亮", "路灯"), "一")
    assert [row.number for row in rows] == [2, 4, 5]


@pytest.mark.parametrize(("text", "label", "told"), [("body", None, "body"), (None, "类别", "类别")])
def test_a_column_that_is_not_there_is_named(file: Path, text: str | None, label: str | None, told: str) -> None:
    with pytest.raises(CommandFailed, match=f"唯一的一列“{told}”"):
        LabelledColumns.of(text, label).read(file)


def test_a_file_without_a_text_or_a_label_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,label\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandFailed, match=r"x.csv 的哪一列是文本：请用 --text"):
        LabelledColumns.of(None, None).read(path)
    path.write_text("text,label\n,2\n1,\n", encoding="utf-8")
    with pytest.raises(CommandFailed, match="没有既有文本又有标签的行"):
        LabelledColumns.of(None, None).read(path)
