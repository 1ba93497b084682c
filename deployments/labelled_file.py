"""A file of labelled texts, CSV or Excel: which columns hold the text, which the label, and its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from casework.privacy import mask
from catalog.texts import text
from deployments.batch_file import open_batch_file
from deployments.errors import CommandFailed

USUAL_TEXT = ("title", "text", "detail")
USUAL_LABEL = "label"


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row by its number in a spreadsheet: its text's fields, none of them None, and its label."""

    number: int
    fields: tuple[str, ...]
    label: str

    @property
    def whole(self) -> str:
        """Its fields as one text, as a request comes."""
        return "\n".join(filter(None, self.fields))

    @property
    def shown(self) -> str:
        """The same, masked: what may be learnt and kept."""
        return mask(self.whole).text


@dataclass(frozen=True, slots=True)
class LabelledColumns:
    """Column names as they were asked for; empty: the usual ones that the file has."""

    text: tuple[str, ...] = ()
    label: str = USUAL_LABEL

    @classmethod
    def of(cls, text_columns: str | None, label: str | None) -> "LabelledColumns":
        """From `--text title,detail --label label`."""
        names = tuple(name.strip() for name in (text_columns or "").split(",") if name.strip())
        return cls(names, label or USUAL_LABEL)

    def read(self, path: Path) -> list[LabelledRow]:
        """Rows that have a text and a label. Raises `CommandFailed`, `OSError`."""
        with open_batch_file(path) as file:
            places = [_place(path, file.header, name) for name in self._text(path, file.header)]
            label = _place(path, file.header, self.label)
            rows = [
                LabelledRow(row.number, tuple(row.cells[place].strip() for place in places), row.cells[label].strip())
                for row in file.rows
            ]
        usable = [row for row in rows if row.label and any(row.fields)]
        if not usable:
            raise CommandFailed(text("labelled.empty", file=path.name))
        return usable

    def _text(self, path: Path, header: Sequence[str]) -> tuple[str, ...]:
        names = self.text or tuple(name for name in USUAL_TEXT if name in header)
        if not names:
            raise CommandFailed(text("labelled.no_text", file=path.name, columns="、".join(header)))
        return names


def _place(path: Path, header: Sequence[str], name: str) -> int:
    if header.count(name) != 1:
        raise CommandFailed(text("labelled.no_column", file=path.name, column=name, columns="、".join(header)))
    return header.index(name)
