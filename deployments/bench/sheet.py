"""What a measurement found, for people and for machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from catalog.texts import text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A small table: what was measured, a column for each condition. `document` is the same and more, as JSON."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, ...]]
    document: Mapping[str, Any]

    def show(self, console: Console | None = None) -> None:
        """Print it."""
        title = text("bench.machine", **self.document["machine"])
        table = Table(text("bench.figure"), title=title, title_justify="left")
        for column in self.columns:
            table.add_column(column, justify="right")
        for row in self.rows:
            table.add_row(*row)
        (console or Console(soft_wrap=True)).print(table)
