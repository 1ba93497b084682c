"""The pages of a check: read where no network is, and every run found from the first one."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quality.checkpoint import judge
from quality.rules import Row, Table, present

AT = datetime(2026, 11, 28, 19, 50, tzinfo=UTC)
ELSEWHERE = re.compile(r"""(?:src|href)=["']https?:""")


def names(*values: str | None) -> Table:
    return Table("made", (present("missing", "x"),), [Row(f"R{n}", {"x": value}) for n, value in enumerate(values)])


def test_no_page_fetches_anything_from_elsewhere(tmp_path: Path) -> None:
    judge("catalogue", [names("甲", None)], tmp_path, AT)
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) == 3  # the first one, the rules' and the run's
    assert [page for page in pages if ELSEWHERE.search(page.read_text(encoding="utf-8"))] == []


def test_the_first_page_tells_each_suites_last_run_and_leads_to_all(tmp_path: Path) -> None:
    for n, value in enumerate(("甲", None)):
        judge("catalogue", [names(value)], tmp_path, AT + timedelta(minutes=n))
    first = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "2026-11-29 03:51:00" in first  # in Shanghai
    assert "1 条规则中 1 条不符合" in first
    assert "&#34;" not in first
    led_to = re.findall(r'href="([^"]+)"', first)
    assert len(led_to) == 2
    assert all((tmp_path / page).is_file() for page in led_to)
