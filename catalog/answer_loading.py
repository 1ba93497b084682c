"""Reads the knowledge base from its files; every fault is told with file, line and field."""

from functools import partial
from pathlib import Path

from pydantic import RootModel

from catalog.answers import Answer, KnowledgeBase
from catalog.items import Catalogue
from catalog.loading import CATALOGUE_FOLDER, loaded_all, validated, yaml_files
from catalog.marked import Fault, LoadError, Marked, read_marked

ANSWERS_FOLDER = CATALOGUE_FOLDER / "answers"
OWN = "answers"
"""The folder beside the district files: ``answers/<district>.yaml`` holds a district's own answers."""


class _File(RootModel[tuple[Answer, ...]]):
    """One file: a list of entries."""


def load_answers(catalogue: Catalogue, folder: Path = ANSWERS_FOLDER) -> KnowledgeBase:
    """Read everybody's answers, ``*.yaml`` of a folder. Raises `LoadError` with the faults of all files."""
    read = _read(yaml_files(folder), catalogue)
    return KnowledgeBase(answers=tuple(answer for answers in read.values() for answer in answers))


def load_own_answers(
    common: KnowledgeBase, districts: Path, codes: tuple[str, ...], catalogue: Catalogue
) -> dict[str, KnowledgeBase]:
    """The knowledge base of each district: `common`, with its own where it has a file. Raises `LoadError`."""
    files = sorted((districts / OWN).glob("*.yaml"))
    faults = tuple(
        Fault(file, 1, "", f"there is no district {file.stem}: name the file after one of {', '.join(codes)}")
        for file in files
        if file.stem not in codes
    )
    if faults:
        raise LoadError(faults)
    own = {file.stem: answers for file, answers in _read(files, catalogue, each=True).items()}
    return {code: common.with_own(own.get(code, ())) for code in codes}


def _read(files: list[Path], catalogue: Catalogue, *, each: bool = False) -> dict[Path, tuple[Answer, ...]]:
    """The entries by file; ids are unique over all files, or where `each` is a knowledge base of its own, in each."""
    codes = frozenset(item.code for item in catalogue.items)
    marked = dict(zip(files, loaded_all([partial(read_marked, file) for file in files]), strict=True))
    read = dict(zip(files, loaded_all([partial(_entries, one) for one in marked.values()]), strict=True))
    first: dict[str, Path] = {}
    faults: list[Fault] = []
    for file, answers in read.items():
        first = {} if each else first
        faults += _faults(marked[file], answers, codes, first)
    if faults:
        raise LoadError(tuple(faults))
    return read


def _entries(marked: Marked) -> tuple[Answer, ...]:
    return validated(_File, marked, marked.value).root


def _faults(marked: Marked, answers: tuple[Answer, ...], codes: frozenset[str], first: dict[str, Path]) -> list[Fault]:
    """An id or a phrasing that is there twice, an item that is not there. `first` learns where each id stands."""
    faults = []
    spoken: set[str] = set()
    for n, answer in enumerate(answers):
        if answer.id in first:
            faults.append(marked.fault((n, "id"), f"“{answer.id}” is taken in {first[answer.id].name}: choose another"))
        first.setdefault(answer.id, marked.file)
        if answer.item is not None and answer.item not in codes:
            faults.append(marked.fault((n, "item"), f"there is no item “{answer.item}”: see the catalogue's items"))
        for k, words in enumerate(answer.phrasings):
            if words in spoken or words == answer.question:
                faults.append(marked.fault((n, "phrasings", k), f"“{words}” is written twice: keep one"))
            spoken.add(words)
    return faults
