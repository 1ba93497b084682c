"""Data Docs that need no network: what a page would fetch from elsewhere is taken out, and its first page is ours.

The library's pages load their looks, their icons and the list on the first page from other people's servers, and tell
one of them which folder is being read. A city's network may reach none of them, and none need know.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from catalog.texts import text
from catalog.working_time import SHANGHAI

_FETCHED = re.compile(
    r"""<link\b[^>]*href=["']https?:[^>]*>
    | <script\b[^>]*src=["']https?:[^>]*>\s*</script>
    | <img\b[^>]*src=["']https?:[^>]*>
    | <footer>.*?</footer>""",
    re.VERBOSE | re.DOTALL,
)
_LOOKS = "<style>\n{style}</style>\n</head>"
_RUN = "%Y%m%dT%H%M%S.%fZ"
_TEMPLATES = Path(__file__).with_name("templates")
_environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a suite: when (Shanghai time), its page below the docs, how many rules it has and how many broke."""

    at: datetime
    page: str
    rules: int
    broken: int


def make_local(docs: Path) -> None:
    """Settle the pages that have just been made, and write the first page anew: each suite, its last run first."""
    for page in (*docs.glob("validations/**/*.html"), *docs.glob("expectations/*.html")):
        _without_what_is_fetched(page)
    suites = {folder.name: list(_runs(docs, folder)) for folder in sorted((docs / "validations").glob("*/"))}
    shown = _environment.get_template("index.html").render(suites=suites, text=text, style=_style())
    (docs / "index.html").write_text(shown, encoding="utf-8")


def _without_what_is_fetched(page: Path) -> None:
    written = page.read_text(encoding="utf-8")
    if _FETCHED.search(written):
        local = _FETCHED.sub("", written).replace("</head>", _LOOKS.format(style=_style()), 1)
        page.write_text(local, encoding="utf-8")


def _style() -> str:
    return (_TEMPLATES / "pages.css").read_text(encoding="utf-8")


def _runs(docs: Path, suite: Path) -> Iterator[Run]:
    """A suite's runs, the last first, each from the result that its page was made of."""
    for run in sorted(suite.glob("*/"), reverse=True):
        page = next(run.glob("**/*.html"), None)
        kept = next((docs / "kept" / "results" / suite.name / run.name).glob("**/*.json"), None)
        if page is not None and kept is not None:
            found = json.loads(kept.read_text(encoding="utf-8"))["statistics"]
            at = datetime.strptime(run.name, _RUN).replace(tzinfo=UTC).astimezone(SHANGHAI)
            rules, broken = found["evaluated_expectations"], found["unsuccessful_expectations"]
            yield Run(at, page.relative_to(docs).as_posix(), rules, broken)
