"""The picture in the docs is the table."""

from pathlib import Path

from casework.picture import page

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_in_the_docs_is_drawn_from_the_table() -> None:
    assert (DOCS / "life-cycle.md").read_text(encoding="utf-8") == page(), "run: make life-cycle"
