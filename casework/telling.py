"""What a citizen is told, in words: never "in process"."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.waiting import spoken
from catalog.texts import all_texts, text


def telling(kind: str, case_no: str, data: Mapping[str, Any], names: Mapping[str, str], at: datetime) -> str:
    """The message of a type such as ``citizen.assigned``, from a delivery's data.

    `names` gives the names of units and the titles of leaders by code; `at` is when it is told (for how a date is
    said).
    """
    outcome = data.get("outcome")
    return text(
        f"telling.{told_as(kind.removeprefix('citizen.'), data)}",
        case_no=case_no,
        unit=names.get(data.get("unit") or "", ""),
        units="、".join(names.get(code, code) for code in data.get("units", ())),
        owner=_owner(data, names),
        until=_until(data.get("due_at"), at),
        review=_said(data.get("review_at"), at),
        reason=data.get("reason", ""),
        answer=data.get("answer", ""),
        source=data.get("source", ""),
        because=_part("because", data, "reason"),
        feedback=data.get("feedback", ""),
        note=data.get("note", ""),
        name=data.get("name", ""),
        phone=data.get("phone") or "",
        reference=_part("reference", data, "reference"),
        result=(data.get("result") or text("telling.no_result")).rstrip("。！!.；;"),
        outcome=text(f"outcome.{outcome}") if outcome else "",
    )


def told_as(kind: str, data: Mapping[str, Any]) -> str:
    """Which words: an end may have its own; so have a referral to somebody who cannot be rung, and a question about an
    instant answer.
    """
    if kind == "referred":
        return kind if data.get("phone") else "referred_elsewhere"
    if data.get("at_once"):
        return f"{kind}_at_once"
    own = f"{kind}_{data.get('outcome')}"
    return own if f"telling.{own}" in all_texts() else kind


def _owner(data: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The leader's title by the district's file; of one who is not in it, whose leader he is."""
    named = names.get(data.get("owner") or "")
    return named or text("telling.leader_of", unit=names.get(data.get("office") or "", ""))


def _part(key: str, data: Mapping[str, Any], field: str) -> str:
    """A part of a sentence, where there is something to say."""
    return text(f"telling.{key}", **{field: data[field]}) if data.get(field) else ""


def _until(written: str | None, at: datetime) -> str:
    return text("telling.until", when=_said(written, at)) if written else ""


def _said(written: str | None, at: datetime) -> str:
    return spoken(datetime.fromisoformat(written), at) if written else ""
