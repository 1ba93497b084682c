"""Equal rows and doubled numbers of one file, and by what a row is known again."""

from collections import Counter
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from deployments.batch import CHUNK, CHUNK_CHARACTERS, chunks
from deployments.batch_judging import apart
from deployments.batch_twins import Twins, row_name

CELLS = st.dictionaries(st.sampled_from("甲乙丙丁"), st.text("路灯 1", max_size=3), max_size=4)


@given(st.lists(st.sampled_from(["a", "b", "c\ud800"])))
def test_equal_rows_are_counted(contents: list[str]) -> None:
    seen: Counter[str] = Counter()
    with Twins() as twins:
        for content in contents:
            seen[content] += 1
            assert twins.time(content) == seen[content]


def test_a_number_belongs_to_the_row_that_had_it_first() -> None:
    with Twins() as twins:
        assert twins.other(2, "7", "路灯") is None
        assert twins.other(3, "7", "路灯") is None
        assert twins.other(4, "7", "井盖") == 2
        assert twins.other(5, "8", "井盖") is None


@given(CELLS, st.randoms())
def test_neither_blanks_nor_the_order_of_columns_make_another_row(cells: dict[str, str], draw: st.DrawFn) -> None:
    shuffled = sorted(cells.items(), key=lambda _: draw.random())
    padded = {column: f" {words}\t" for column, words in shuffled}
    assert row_name(padded, 1) == row_name(cells, 1) == row_name({**cells, "戊": ""}, 1)


@given(CELLS, CELLS)
def test_other_cells_or_another_of_equal_rows_make_another_name(one: dict[str, str], other: dict[str, str]) -> None:
    said, else_said = [{k: v.strip() for k, v in cells.items() if v.strip()} for cells in (one, other)]
    assert (row_name(one, 1) == row_name(other, 1)) == (said == else_said)
    assert len({row_name(one, time) for time in (1, 2, 3)}) == 3


def test_columns_of_one_name_are_told_apart() -> None:
    assert apart(("a", "b", "a", "", "")) == ("a", "b", "a#2", "", "#2")


@dataclass(frozen=True)
class Sized:
    size: int


@given(st.lists(st.integers(0, CHUNK_CHARACTERS * 2).map(Sized), max_size=30))
def test_a_chunk_holds_no_more_characters_than_are_judged_at_once(rows: list[Sized]) -> None:
    cut = list(chunks(rows))
    assert [row for chunk in cut for row in chunk] == rows
    assert all(sum(row.size for row in chunk[:-1]) < CHUNK_CHARACTERS for chunk in cut)


def test_a_chunk_holds_no_more_rows_than_are_judged_at_once() -> None:
    assert [len(chunk) for chunk in chunks([Sized(1)] * (2 * CHUNK + 1))] == [CHUNK, CHUNK, 1]
