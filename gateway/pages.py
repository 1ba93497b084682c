"""How pages are made: templates, safe headers, and what is asked for, a page or JSON."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from catalog.texts import all_texts, text
from catalog.working_time import SHANGHAI

FOLDER = Path(__file__).parent
PAGE_PATHS = ("/c/", "/t/")

# A link is a key to a case: it must not travel on in a referrer or a frame, and no page needs a script.
HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}

_environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["t"] = text


def page(name: str, status: int = 200, **values: Any) -> Response:
    """A page from its template."""
    return HTMLResponse(_environment.get_template(name).render(**values), status, HEADERS)


def problem_page(request: Request, status: int, more: dict[str, Any]) -> Response:
    """What went wrong, in words for people, with the way back."""
    key = str(status) if f"problem.{status}.title" in all_texts() else "other"
    state, field = text_or_none(f"state.{more.get('state')}"), str(more.get("field", "")).rpartition(".")[2]
    if status == 409 and state is None:
        key = "409_other"
    words = text(f"problem.{key}.words", state=state, field=text_or_none(f"field.{field}") or text("field.other"))
    parts = request.url.path.split("/")
    back = "/".join(parts[:3]) if status in (409, 422, 429, 503) and len(parts) > 3 else None
    return page("problem.html", status, title=text(f"problem.{key}.title"), words=words, back=back)


def is_page(request: Request) -> bool:
    """Whether whoever asks wants to look at a page, rather than read JSON."""
    return request.url.path.startswith(PAGE_PATHS) and not wants_json(request)


def wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    posted = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return posted == "application/json" or ("application/json" in accept and "text/html" not in accept)


def text_or_none(key: str) -> str | None:
    return text(key) if key in all_texts() else None


def day_and_time(at: datetime, now: datetime) -> str:
    """Such as ``今天 10:30`` or ``11月22日 10:30``, in Shanghai."""
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    time = local.strftime("%H:%M")
    if local.date() == today:
        return text("page.today", time=time)
    if local.date() == today - timedelta(days=1):
        return text("page.yesterday", time=time)
    date = f"{local.month}月{local.day}日 {time}"
    return date if local.year == today.year else f"{local.year}年{date}"
