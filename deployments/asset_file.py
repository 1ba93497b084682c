"""The register of a district's things, from CSV or Excel: good rows are stored, bad ones told by number and reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casework.asset_codes import LONGEST, is_code, written
from casework.choosing import Asset
from catalog.districts import District
from catalog.texts import text
from deployments.batch_file import Row, open_batch_file
from deployments.errors import CommandFailed
from ledger.assets import Assets

FIELDS = ("code", "kind", "owner", "maintainer", "place")
AT_ONCE = 500
LONGEST_KIND, LONGEST_PLACE = 40, 300


@dataclass(slots=True)
class AssetCounts:
    """What became of the rows. `bad_rows` are `(row number, reason)`; the header is row 1."""

    read: int = 0
    stored: int = 0
    bad_rows: list[tuple[int, str]] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        bad = [{"row": number, "reason": reason} for number, reason in self.bad_rows]
        return {"read": self.read, "stored": self.stored, "refused": len(bad), "bad_rows": bad}


class BadRow(Exception):
    """The row names nothing that could be stored; the sentence says what to correct."""


async def import_assets(
    path: Path, district: District, assets: Assets, advanced: Callable[[], None] = lambda: None
) -> AssetCounts:
    """Store row by row, some hundreds in one transaction; the same file again changes nothing.

    Raises `CommandFailed` for a file that is no register: then nothing was stored.
    """
    counts, seen, waiting = AssetCounts(), dict[str, int](), list[Asset]()
    with open_batch_file(path) as file:
        rows = _Rows(district, _places(path, file.header))
        for row in file.rows:
            counts.read += 1
            try:
                waiting.append(rows.asset(row, seen))
            except BadRow as bad:
                counts.bad_rows.append((row.number, str(bad)))
            if len(waiting) == AT_ONCE:
                counts.stored += await _store(assets, district, waiting)
            advanced()
    counts.stored += await _store(assets, district, waiting)
    return counts


async def _store(assets: Assets, district: District, waiting: list[Asset]) -> int:
    await assets.put(district.code, waiting)
    stored = len(waiting)
    waiting.clear()
    return stored


def _places(path: Path, header: Sequence[str]) -> Mapping[str, int]:
    """A column is called like its field, in English or as `cli.asset.column` says it in Chinese."""
    names = {name: (name, text(f"cli.asset.column.{name}")) for name in FIELDS}
    places = {
        name: next(n for n, column in enumerate(header) if column in called)
        for name, called in names.items()
        if any(column in called for column in header)
    }
    if missing := [called[1] for name, called in names.items() if name in ("code", "kind") and name not in places]:
        raise CommandFailed(text("cli.asset.no_column", file=path.name, columns="、".join(missing)))
    if not {"owner", "maintainer"} & places.keys():
        columns = "、".join(names[name][1] for name in ("owner", "maintainer"))
        raise CommandFailed(text("cli.asset.no_column", file=path.name, columns=columns))
    return places


class _Rows:
    """Rows of one file for one district, whose units may be named by code, name or older name."""

    def __init__(self, district: District, places: Mapping[str, int]) -> None:
        self._places = places
        self._units: dict[str, set[str]] = {}
        for unit in district.units:
            for name in {unit.code, unit.name, *unit.aliases}:
                self._units.setdefault(name, set()).add(unit.code)

    def asset(self, row: Row, seen: dict[str, int]) -> Asset:
        """Raises `BadRow`. `seen`: the codes so far, with their rows."""
        said = {name: row.cells[place].strip() for name, place in self._places.items()}
        if row.surplus:
            raise BadRow(text("cli.import.ragged", n=row.surplus))
        code = written(said["code"])
        faults = [*_faults(said, code, seen), *self._strangers(said)]
        if faults:
            raise BadRow("；".join(faults))
        seen[code] = row.number
        owner, maintainer = (self._unit(said.get(name, "")) for name in ("owner", "maintainer"))
        return Asset(code, said["kind"], owner, maintainer, said.get("place", ""))

    def _strangers(self, said: Mapping[str, str]) -> Iterator[str]:
        for name in ("owner", "maintainer"):
            called = said.get(name, "")
            found = self._units.get(called, set())
            if called and len(found) != 1:
                yield text("cli.asset.two_units" if found else "cli.asset.no_unit", unit=called)

    def _unit(self, called: str) -> str | None:
        return next(iter(self._units[called])) if called else None


def _faults(said: Mapping[str, str], code: str, seen: Mapping[str, int]) -> Iterator[str]:
    if not is_code(code):
        yield text("cli.asset.no_code", code=said["code"][:LONGEST])
    if code in seen:
        yield text("cli.asset.twice", code=code, row=seen[code])
    if not 0 < len(said["kind"]) <= LONGEST_KIND:
        yield text("cli.asset.no_kind", longest=LONGEST_KIND)
    if len(said.get("place", "")) > LONGEST_PLACE:
        yield text("cli.asset.long_place", longest=LONGEST_PLACE)
    if not said.get("owner") and not said.get("maintainer"):
        yield text("cli.asset.nobody")
    if any("\0" in cell for cell in said.values()):
        yield text("cli.asset.nul")
