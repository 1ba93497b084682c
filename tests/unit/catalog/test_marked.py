"""Where everything stands in a YAML file, whichever of PyYAML's loaders reads it."""

from pathlib import Path

import pytest
import yaml

from catalog.loading import CATALOGUE_FOLDER
from catalog.marked import LoadError, Marked, read_marked

DISTRICTS = Path(__file__).parents[3] / "deployments" / "districts"
FILES = [*sorted(CATALOGUE_FOLDER.rglob("*.yaml")), *sorted(DISTRICTS.glob("*.yaml"))]
BROKEN = ["a: [1\nb: 2\n", "a: 1\n  b: 2\n", "a: {b: 1\n", "a: 'x\n", "\ta: 1\n", "a: &x\nb: *y\n"]


def read_by_both(file: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Marked, Marked]:
    by_c = read_marked(file)
    monkeypatch.setattr("catalog.marked.LOADER", yaml.SafeLoader)
    return by_c, read_marked(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_both_loaders_read_the_same_at_the_same_lines(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_c, plain = read_by_both(file, monkeypatch)

    assert by_c == plain


def test_both_say_what_was_written_twice_and_which_date_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1\nb: 2026-02-30\n# 注\na: 2\n", encoding="utf-8")

    by_c, plain = read_by_both(file, monkeypatch)

    assert by_c == plain
    assert [(fault.line, fault.field) for fault in by_c.faults] == [(2, "b"), (4, "a")]


@pytest.mark.parametrize("content", BROKEN)
@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
def test_what_is_not_yaml_is_told_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, loader: type
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(content, encoding="utf-8")
    monkeypatch.setattr("catalog.marked.LOADER", loader)

    with pytest.raises(LoadError) as refused:
        read_marked(file)

    (fault,) = refused.value.faults
    assert fault.sentence.startswith("this is not YAML: ")
    assert 1 <= fault.line <= len(content.splitlines()) + 1
