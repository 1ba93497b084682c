import re
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.items import Catalogue
from catalog.limits import Limit
from catalog.loading import CATALOGUE_FOLDER, load_catalogue, load_district, load_districts
from catalog.marked import LoadError
from catalog.policy import Grade, Policy

DEMO = (Path(__file__).parents[3] / "deployments" / "districts" / "demo.yaml").read_text(encoding="utf-8")
CLASS = """\
code: "01"
name: 安全隐患
dated: 2026-11-01
items:
  - code: SZ-0101
    name: 井盖缺失
    covers: 井盖丢失、破损
    phrases: [井盖没了, 井盖破了, 井盖丢了, 井盖响, 井盖松, 井盖沉]
    importance: 3
    urgency: 3
    role: fire
    level: street
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def told(tmp_path: Path, catalogue: Catalogue) -> Callable[[str], list[str]]:
    """What loading a district file of this content tells, without the folder."""

    def load(content: str) -> list[str]:
        file = tmp_path / "demo.yaml"
        file.write_text(content, encoding="utf-8")
        with pytest.raises(LoadError) as refused:
            load_district(file, catalogue)
        assert str(refused.value) == "\n".join(str(fault) for fault in refused.value.faults)
        return [line.removeprefix(f"{tmp_path}/") for line in str(refused.value).splitlines()]

    return load


def _line(content: str, start: str) -> int:
    return next(n for n, line in enumerate(content.splitlines(), 1) if line.strip().startswith(start))


FAULTS = {
    "a limit that is none": (
        "feedback: {a: 12s,",
        "feedback: {a: 10 minutes,",
        "policy.clocks.feedback.a: “10 minutes” is not a limit",
    ),
    "a limit of nothing": ("feedback: {a: 12s,", "feedback: {a: 0s,", "policy.clocks.feedback.a: “0s” is not a limit"),
    "an unknown field": ("calendar: none", "calender: none", "policy.calender: there is no such field"),
    "none of the choices": ("calendar: none", "calendar: moon", "policy.calendar: “moon” is none of"),
    "out of its bounds": (
        "rung_grace_seconds: 0.5",
        "rung_grace_seconds: 99",
        "policy.rung_grace_seconds: “99” is not right: input",
    ),
    "not a text": ("number_prefix: SF", "number_prefix: 12", "number_prefix: “12” must be a text: put it in quotes"),
    "not of the form": ("number_prefix: SF", "number_prefix: sfx", "number_prefix: “sfx” does not have the form"),
    "a missing field": (
        "- {code: dukou, name: 渡口社区,",
        "- {code: dukou,",
        "streets[0].communities[1].name: this field is missing",
    ),
    "not a list": (
        "channels:\n",
        "channels: none\nchannel:\n",
        "channels: “none” is not right: input should be a valid tuple",
    ),
    "no such unit": (
        "market: {default: market}",
        "market: {default: bazaar}",
        "roles.market.default: there is no unit “bazaar”",
    ),
    "no such role": (
        "gas: {default: utilities}",
        "gaz: {default: utilities}",
        "roles.gaz: the catalogue knows no role “gaz”",
    ),
}


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_each_kind_of_fault_is_told_with_file_line_and_field(fault: str, told: Callable[[str], list[str]]) -> None:
    right, wrong, sentence = FAULTS[fault]
    assert DEMO.count(right) == 1
    content = DEMO.replace(right, wrong)
    line = _line(content, wrong.splitlines()[0].strip())

    assert any(each.startswith(f"demo.yaml:{line}: {sentence}") for each in told(content)), told(content)


def test_a_key_written_twice_is_told_with_both_lines(told: Callable[[str], list[str]]) -> None:
    content = DEMO.replace("calendar: none", "calendar: none\n  calendar: china")
    first = _line(content, "calendar: none")

    assert told(content) == [f"demo.yaml:{first + 1}: policy.calendar: written twice, first in line {first}: keep one"]


def test_rungs_that_do_not_rise_are_told_at_their_clock(told: Callable[[str], list[str]]) -> None:
    ladder = "ladder: [{at_percent: 50, action: urge}, {at_percent: 50, action: remind}]"
    content = DEMO.replace("feedback: {", f"feedback: {{{ladder}, ")

    (sentence,) = told(content)

    assert sentence.startswith(
        f"demo.yaml:{_line(content, 'feedback:')}: policy.clocks.feedback: each rung of a ladder"
    )


def test_all_faults_of_a_file_are_told_together_in_order(told: Callable[[str], list[str]]) -> None:
    content = DEMO.replace("number_prefix: SF", "number_prefix: sf").replace("calendar: none", "calendar: moon")

    assert [sentence.split(": ")[1] for sentence in told(content)] == ["number_prefix", "policy.calendar"]


def test_a_file_that_is_not_yaml_is_told_with_its_line(told: Callable[[str], list[str]]) -> None:
    (sentence,) = told("code: demo\nname: [示范区\nstreets: []\n")

    assert re.match(r"demo.yaml:3: this is not YAML: ", sentence)


@pytest.mark.parametrize("content", ["", "- a list\n"])
def test_a_file_without_fields_is_told(content: str, told: Callable[[str], list[str]]) -> None:
    (sentence,) = told(content)

    assert sentence.startswith("demo.yaml:1: not right: input should be a valid dictionary")


def test_a_file_that_is_not_there_is_told(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(LoadError, match=r"nowhere.yaml:1: the file cannot be read as UTF-8 text"):
        load_district(tmp_path / "nowhere.yaml", catalogue)


def test_what_a_policy_does_not_say_is_the_default(tmp_path: Path, catalogue: Catalogue) -> None:
    head, _ = DEMO.split("policy:\n")
    file = tmp_path / "demo.yaml"
    file.write_text(head + "policy:\n  clocks:\n    contact: {a: 20m}\n", encoding="utf-8")

    policy = load_district(file, catalogue).policy

    assert policy.clocks.contact.limit(Grade.A) == Limit.parse("20m")
    assert policy.clocks.contact.b == Policy().clocks.contact.b
    assert policy.clocks.contact.ladder == Policy().clocks.contact.ladder
    assert policy.quiet_hours == Policy().quiet_hours


def test_districts_of_one_folder_have_their_own_code_and_number_prefix(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "a.yaml").write_text(DEMO, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(DEMO.replace("code: demo", "code: demo-two"), encoding="utf-8")

    with pytest.raises(LoadError) as refused:
        load_districts(tmp_path, catalogue)

    (fault,) = refused.value.faults
    line = _line(DEMO, "number_prefix")
    assert str(fault).startswith(f"{tmp_path}/b.yaml:{line}: number_prefix: “SF” is taken by {tmp_path}/a.yaml")

    (tmp_path / "b.yaml").write_text(DEMO.replace("number_prefix: SF", "number_prefix: SG"), encoding="utf-8")
    with pytest.raises(LoadError, match=r"b.yaml:\d+: code: “demo” is taken by"):
        load_districts(tmp_path, catalogue)


def test_faults_of_all_files_of_a_folder_are_told_together(tmp_path: Path, catalogue: Catalogue) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(DEMO.replace("calendar: none", "calendar: moon"), encoding="utf-8")

    with pytest.raises(LoadError) as refused:
        load_districts(tmp_path, catalogue)

    assert [fault.file.name for fault in refused.value.faults] == ["a.yaml", "b.yaml"]


def test_a_folder_without_districts_is_told(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(LoadError, match=r"there is no \*.yaml file in this folder"):
        load_districts(tmp_path, catalogue)


CLASS_FAULTS = {
    "importance": ("importance: 3", "importance: 4", 9, "items[0].importance: “4” is none of 1, 2 or 3"),
    "limit": (
        "urgency: 3",
        "urgency: 3\n    completion: 20wd",
        11,
        "items[0].completion: “20wd” is longer than an item",
    ),
    "code of another class": ("code: SZ-0101", "code: SZ-0201", 5, "items[0].code: “SZ-0201” must start with SZ-01"),
    "unknown role": ("role: fire", "role: dragon", 11, "items[0].role: there is no role “dragon”: see roles.yaml"),
    "too few phrases": (", 井盖松, 井盖沉", "", 8, "items[0].phrases: not right: tuple should have at least 6 items"),
    "no such date": ("2026-11-01", "2026-13-01", 3, "dated: “2026-13-01”: month must be in 1..12"),
}


@pytest.mark.parametrize("fault", CLASS_FAULTS, ids=str)
def test_a_fault_of_the_catalogue_is_told_with_file_line_and_field(fault: str, tmp_path: Path) -> None:
    right, wrong, line, sentence = CLASS_FAULTS[fault]
    assert CLASS.count(right) == 1
    folder = _folder(tmp_path, {"01-safety.yaml": CLASS.replace(right, wrong)})

    with pytest.raises(LoadError) as refused:
        load_catalogue(folder)

    assert f"{folder}/items/01-safety.yaml:{line}: {sentence}" in str(refused.value)


def test_an_item_or_a_class_given_twice_is_told(tmp_path: Path) -> None:
    twice = CLASS + CLASS.split("items:\n")[1]
    with pytest.raises(LoadError, match=r"01.yaml:13: items\[1\].code: “SZ-0101” must start with SZ-01.*given once"):
        load_catalogue(_folder(tmp_path, {"01.yaml": twice}))

    with pytest.raises(LoadError, match=r"02.yaml:1: code: “01” is taken by .*/01.yaml"):
        load_catalogue(_folder(tmp_path, {"01.yaml": CLASS, "02.yaml": CLASS}))


def test_a_role_that_is_not_a_text_is_told(tmp_path: Path) -> None:
    folder = _folder(tmp_path, {"01.yaml": CLASS})
    (folder / "roles.yaml").write_text("fire: 119\n", encoding="utf-8")

    with pytest.raises(LoadError, match=r"roles.yaml:1: fire: “119” must be a text: put it in quotes"):
        load_catalogue(folder)


def _folder(folder: Path, files: dict[str, str]) -> Path:
    (folder / "items").mkdir(exist_ok=True)
    (folder / "roles.yaml").write_bytes((CATALOGUE_FOLDER / "roles.yaml").read_bytes())
    for name, content in files.items():
        (folder / "items" / name).write_text(content, encoding="utf-8")
    return folder
