"""What a citizen is told, in words: never "in process"."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.waiting import spoken
from catalog.texts import text


def telling(kind: str, case_no: str, data: Mapping[str, Any], units: Mapping[str, str], at: datetime) -> str:
    """The message of a type such as ``citizen.assigned``, from a delivery's data.

    `units` gives names by code; `at` is when it is told (for how a date is said).
    """
    outcome = data.get("outcome")
    return text(
        f"telling.{kind.removeprefix('citizen.')}",
        case_no=case_no,
        unit=units.get(data.get("unit") or "", ""),
        until=_until(data.get("due_at"), at),
        review=_said(data.get("review_at"), at),
        reason=data.get("reason", ""),
        feedback=data.get("feedback", ""),
        result=(data.get("result") or text("telling.no_result")).rstrip("。！!.；;"),
        outcome=text(f"outcome.{outcome}") if outcome else "",
    )


def _until(written: str | None, at: datetime) -> str:
    return text("telling.until", when=_said(written, at)) if written else ""


def _said(written: str | None, at: datetime) -> str:
    return spoken(datetime.fromisoformat(written), at) if written else ""
