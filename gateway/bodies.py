"""Reads what was posted: JSON, or a form."""

import json
from typing import Any

from fastapi import Request

from gateway.errors import Declined

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def json_object(body: bytes) -> dict[str, Any]:
    """Raises `Declined` (422) for anything but one JSON object."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Declined(422, "body: must be JSON in UTF-8", field="body") from None
    if not isinstance(value, dict):
        raise Declined(422, "body: must be a JSON object", field="body")
    return value


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() in FORMS


async def posted(request: Request) -> dict[str, Any]:
    """The fields of a form, those left empty left out, or a JSON object; an empty body is no fields."""
    if is_form(request):
        form = await request.form()
        return {name: value for name, value in form.items() if isinstance(value, str) and value.strip()}
    body = await request.body()
    return json_object(body) if body.strip() else {}
