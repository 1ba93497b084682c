"""The districts' files as rows to be judged: who has each duty that the catalogue needs, and the lines it refers to."""

from collections.abc import Iterator
from typing import Any

from catalog.marked import Loc, Marked
from quality.catalogue_files import CatalogueFiles, mapping, plain, sequence
from quality.catalogue_rows import needed_lines, needed_roles
from quality.rules import Row


def districts(files: CatalogueFiles) -> Iterator[Row]:
    for marked in files.districts:
        value = mapping(marked.value)
        values = {"code": plain(value.get("code")), "prefix": plain(value.get("number_prefix"))}
        yield Row(_name(marked), values, marked)


def duties(files: CatalogueFiles) -> Iterator[Row]:
    """Each role that an item needs, in each district: `unit` is who has it."""
    needed = needed_roles(files)
    for marked in files.districts:
        roles = mapping(mapping(marked.value).get("roles"))
        for role, item in needed.items():
            values = {
                "role": role,
                "label": files.roles[role],
                "item": item,
                "district": _name(marked),
                "unit": plain(mapping(roles.get(role)).get("default")),
            }
            yield Row(_name(marked), values, marked, ("roles", role))


def holders(files: CatalogueFiles) -> Iterator[Row]:
    """Each unit that a district's table of roles names, with the role and the place that it has it for."""
    for marked in files.districts:
        value = mapping(marked.value)
        known = {plain(mapping(unit).get("code")) for unit in sequence(value.get("units"))}
        for role, duty in mapping(value.get("roles")).items():
            named: list[tuple[Loc, Any]] = [(("default",), mapping(duty).get("default"))]
            for field in ("streets", "communities"):
                named += [((field, place), unit) for place, unit in mapping(mapping(duty).get(field)).items()]
            for loc, unit in named:
                code = plain(unit)
                values = {
                    "role": role,
                    "unit": code,
                    "known_unit": code if code in known else None,
                    "district": _name(marked),
                }
                if code is not None:
                    yield Row(_name(marked), values, marked, ("roles", role, *loc))


def roles(files: CatalogueFiles) -> Iterator[Row]:
    """Each role that a district has filled."""
    for marked in files.districts:
        for role in mapping(mapping(marked.value).get("roles")):
            yield Row(_name(marked), {"role": role}, marked, ("roles", role))


def lines(files: CatalogueFiles) -> Iterator[Row]:
    """Each emergency line that an item refers to, in each district."""
    needed = needed_lines(files)
    for marked in files.districts:
        known = mapping(mapping(marked.value).get("emergency_lines"))
        for line, item in needed.items():
            values = {"line": line, "item": item, "known": line if line in known else None}
            yield Row(_name(marked), values, marked, ("emergency_lines", line))


def _name(marked: Marked) -> str:
    """What the district calls itself, its file where it has no name."""
    return plain(mapping(marked.value).get("name")) or marked.file.name
