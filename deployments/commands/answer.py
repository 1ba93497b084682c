"""A command's answer on standard output: one JSON document and nothing else, or lines to read."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import typer


def answer(document: Mapping[str, Any], lines: Iterable[str], as_json: bool) -> None:
    """Print the document when JSON was asked for, else the lines."""
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else "\n".join(lines))
