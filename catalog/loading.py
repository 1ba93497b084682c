"""Reads the catalogue and the districts from their files; every fault is told with file, line and field."""

import hashlib
import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from catalog.districts import District
from catalog.items import Catalogue, CatalogueClass
from catalog.marked import Fault, LoadError, Loc, Marked, read_marked
from catalog.policy import Policy
from catalog.sentences import sentence

CATALOGUE_FOLDER = Path(__file__).with_name("data")

_Model = TypeVar("_Model", bound=BaseModel)
_Loaded = TypeVar("_Loaded")


def load_catalogue(folder: Path = CATALOGUE_FOLDER) -> Catalogue:
    """Read ``roles.yaml`` and ``items/*.yaml``, one file a class. Raises `LoadError`."""
    roles = _roles(folder / "roles.yaml")
    files = yaml_files(folder / "items")
    classes = loaded_all(partial(_load_class, file, roles) for file in files)
    _refuse_doubled(files, [each.code for each in classes], "code")
    return Catalogue(version=_version(classes, roles), roles=roles, classes=tuple(classes))


def class_faults(marked: Marked) -> tuple[Fault, ...]:
    """What of a class's file does not have a class's shape, whatever the rest of the catalogue says."""
    return _placed(marked, _errors(CatalogueClass, marked.value))


def district_faults(marked: Marked) -> tuple[Fault, ...]:
    """What of a district's file does not hold together, whatever the catalogue says.

    Whether its parts fit together is asked once more without those fields that make no sense by themselves, where it
    can be asked without them.
    """
    errors = _errors(District, _with_policy(marked.value))
    if errors and any(error["type"] != "district" for error in errors):
        mended = _without(marked.value, [error["loc"] for error in errors])
        errors += [error for error in _errors(District, _with_policy(mended)) if error["type"] == "district"]
    return _placed(marked, errors)


def load_district(file: Path, catalogue: Catalogue) -> District:
    """Read one district; what its policy does not say is `Policy`'s default. Raises `LoadError`."""
    marked = read_marked(file)
    return validated(District, marked, _with_policy(marked.value), {"catalogue": catalogue})


def load_districts(folder: Path, catalogue: Catalogue) -> dict[str, District]:
    """Read every ``*.yaml`` of a folder, by district code. Raises `LoadError` with the faults of all files."""
    files = yaml_files(folder)
    districts = loaded_all(partial(load_district, file, catalogue) for file in files)
    _refuse_doubled(files, [district.code for district in districts], "code")
    _refuse_doubled(files, [district.number_prefix for district in districts], "number_prefix")
    return {district.code: district for district in districts}


def _load_class(file: Path, roles: dict[str, str]) -> CatalogueClass:
    marked = read_marked(file)
    read = validated(CatalogueClass, marked, marked.value)
    faults: list[Fault] = []
    seen: set[str] = set()
    for n, item in enumerate(read.items):
        if item.code in seen or not item.code.startswith(f"SZ-{read.code}"):
            told = f"“{item.code}” must start with SZ-{read.code}, its class, and be given once"
            faults.append(marked.fault(("items", n, "code"), told))
        seen.add(item.code)
        unknown = sorted({item.role, *item.co_roles} - roles.keys())
        faults += [marked.fault(("items", n, "role"), f"there is no role “{role}”: see roles.yaml") for role in unknown]
    if faults:
        raise LoadError(tuple(faults))
    labelled = (item.model_copy(update={"class_code": read.code, "class_name": read.name}) for item in read.items)
    return read.model_copy(update={"items": tuple(labelled)})


def _roles(file: Path) -> dict[str, str]:
    marked = read_marked(file)
    try:
        roles = TypeAdapter(dict[str, str]).validate_python(marked.value, strict=True)
    except ValidationError as error:
        raise LoadError(marked.faults + _told(marked, error)) from error
    if marked.faults:
        raise LoadError(marked.faults)
    return roles


def validated(model: type[_Model], marked: Marked, value: Any, context: dict[str, Any] | None = None) -> _Model:
    try:
        valid = model.model_validate(value, context=context)
    except ValidationError as error:
        raise LoadError(marked.faults + _told(marked, error)) from error
    if marked.faults:
        raise LoadError(marked.faults)
    return valid


def _errors(model: type[BaseModel], value: Any) -> list[ErrorDetails]:
    try:
        model.model_validate(value)
    except ValidationError as error:
        return error.errors()
    return []


def _without(value: Any, locs: Iterable[Loc]) -> Any:
    """A copy without the fields at these places; the last ones first, so that places in lists stay what they are."""
    copied = deepcopy(value)
    for loc in sorted(locs, key=lambda loc: [f"{step:09}" if isinstance(step, int) else step for step in loc])[::-1]:
        *way, last = loc[:1] if loc[:1] == ("policy",) else loc or (None,)
        around = copied
        for step in way:
            around = around[step] if _has(around, step) else None
        if _has(around, last):
            del around[last]
    return copied


def _has(around: Any, step: Any) -> bool:
    if isinstance(around, list):
        return isinstance(step, int) and step < len(around)
    return isinstance(around, dict) and step in around


def _told(marked: Marked, error: ValidationError) -> tuple[Fault, ...]:
    return _placed(marked, error.errors())


def _placed(marked: Marked, errors: Iterable[ErrorDetails]) -> tuple[Fault, ...]:
    faults = [marked.fault(problem["loc"], sentence(problem)) for problem in errors]
    return tuple(sorted(faults, key=lambda fault: fault.line))


def loaded_all(loads: Iterable[Callable[[], _Loaded]]) -> list[_Loaded]:
    """Load each; where some fail, tell the faults of all of them at once."""
    loaded: list[_Loaded] = []
    faults: list[Fault] = []
    for load in loads:
        try:
            loaded.append(load())
        except LoadError as error:
            faults.extend(error.faults)
    if faults:
        raise LoadError(tuple(faults))
    return loaded


def yaml_files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise LoadError((Fault(folder, 1, "", "there is no *.yaml file in this folder: name the right folder"),))
    return files


def _refuse_doubled(files: list[Path], codes: list[str], field: str) -> None:
    first: dict[str, Path] = {}
    faults: list[Fault] = []
    for file, code in zip(files, codes, strict=True):
        if code in first:
            faults.append(read_marked(file).fault((field,), f"“{code}” is taken by {first[code]}: choose another"))
        first.setdefault(code, file)
    if faults:
        raise LoadError(tuple(faults))


def _with_policy(value: Any) -> Any:
    """A district with the defaults of every policy under its own."""
    if not isinstance(value, dict):
        return value
    return {**value, "policy": _over(Policy().model_dump(mode="json"), value.get("policy", {}))}


def _over(base: Any, change: Any) -> Any:
    """Mappings are merged field by field; anything else is replaced."""
    if isinstance(base, dict) and isinstance(change, dict):
        return {**base, **{key: _over(base.get(key), value) for key, value in change.items()}}
    return change


def _version(classes: list[CatalogueClass], roles: dict[str, str]) -> str:
    content = json.dumps(
        [roles, [each.model_dump(mode="json") for each in classes]], ensure_ascii=False, sort_keys=True
    )
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return f"{max(each.dated for each in classes):%Y.%m.%d}-{digest}"
