"""`huiyin train` and `huiyin evaluate`: from a labelled file to the model that classifies, and to its figures."""

import csv
import random
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from casework.events import Act, Actor, Kind, Role
from deployments.errors import CommandFailed
from deployments.evaluating.asked import Asked
from deployments.evaluating.choosing import TASKS, Task, lines, score
from deployments.labelled_file import LabelledColumns
from deployments.models import models_of
from deployments.office import Office
from deployments.training import FEWEST, train
from learning import history
from learning.errors import TooLittle
from ledger.city import City, UnknownDistrict
from ledger.intake import IntakeForm
from ledger.labelled import Labelled
from ledger.ledger import Ledger
from ledger.secrets import Keyring
from ledger.seeding import seed_policies
from ledger.settings import Settings

CITY = City.of(Settings())
LAMPS, WAGES = "SZ-0601", "SZ-0801"
SAID = {LAMPS: ("萤火虫", "亮晶晶", "光柱子"), WAGES: ("饷银", "东家", "月例")}
PHONE = "13800138000"


@pytest.fixture
async def ledger(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[Ledger]:
    """On SQLite alone: what is read from the ledger is tested on both databases with the ledger."""
    file = shutil.copy(migrated_sqlite, tmp_path / "ledger.db")
    async with Ledger(f"sqlite+aiosqlite:///{file}", Keyring(Fernet.generate_key())) as opened:
        yield opened


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Ledger) -> Office:
    monkeypatch.setattr(history, "MOST_COLUMNS", 700)
    monkeypatch.setattr(history, "FOLDS_OF_MANY", 3)
    await seed_policies(ledger, CITY)
    return Office(Settings(home=tmp_path / "home"), CITY, ledger)


def rows(n: int, seed: int = 0, by_name: bool = False) -> list[list[str]]:
    chance = random.Random(seed)
    made = []
    for number in range(n):
        item = (LAMPS, WAGES)[number % 2]
        where = f"{chr(0x5000 + 500 * seed + number)}街"
        label = CITY.catalogue.item(item).name if by_name else item
        made.append([where, f"{'与'.join(chance.sample(SAID[item], 2))}都没有了，电话{PHONE}", label])
    return made


def written(path: Path, *tables: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["title", "detail", "label"], *(row for table in tables for row in table)])
    return path


def guesses(office: Office) -> list[str]:
    judge = models_of(office).of("demo").judge
    return [judge.classify(text).item for text in ("北街的萤火虫没了", "东家不给饷银")]


async def test_a_labelled_file_becomes_the_model_in_use(office: Office, tmp_path: Path) -> None:
    assert guesses(office) != [LAMPS, WAGES]
    strange = [["甲", "不知所云", "无此事项"], ["乙", "", ""]]
    file = written(tmp_path / "labels.csv", rows(60), rows(40, seed=1, by_name=True), strange)
    document = await train(office, "demo", file, LabelledColumns())
    assert document["verdict"] == "promoted"
    assert (document["rows"], document["labelled"], document["unknown"]) == (
        101,
        100,
        [{"row": 102, "label": "无此事项"}],
    )
    assert document["new"] > document["in_use"]
    assert guesses(office) == [LAMPS, WAGES]
    kept = Labelled(office.settings.models_folder, office.ledger.keyring).of("demo")
    assert [item for _, item in kept] == [LAMPS, WAGES] * 50
    assert not any(PHONE in text for text, _ in kept)
    about = models_of(office).of("demo").about
    assert about is not None
    assert about.texts > 1_600
    again = await train(office, "demo", file, LabelledColumns())
    assert (again["verdict"], again["judged"], again["promoted"]) == ("too_few", 0, False)


async def test_items_without_a_history_stay_reachable_and_a_greeting_is_none(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_COLUMNS", 4000)
    await train(office, "demo", written(tmp_path / "labels.csv", rows(100)), LabelledColumns())
    judge = models_of(office).of("demo").judge
    others = [item for item in CITY.catalogue.items[::40] if item.code not in SAID]
    found = [judge.classify(item.phrases[0]).item == item.code for item in others]
    assert sum(found) / len(found) > 0.8
    assert judge.classify("你好，帮帮我").confidence < 0.3


async def test_a_model_that_is_not_better_is_not_put_in_use(office: Office, tmp_path: Path) -> None:
    """What the catalogue says itself, in its own words: there is nothing to be learnt."""
    said = [["", phrase, item.code] for item in CITY.catalogue.items[:8] for phrase in item.phrases]
    document = await train(office, "demo", written(tmp_path / "labels.csv", said), LabelledColumns())
    assert (document["verdict"], document["promoted"]) == ("not_better", False)
    assert models_of(office).of("demo").about is None
    assert Labelled(office.settings.models_folder, office.ledger.keyring).of("demo") == []


async def test_corrections_are_learnt_with_the_file(office: Office, tmp_path: Path) -> None:
    case_no, _ = await office.receive(IntakeForm(district="demo", text="巷口的光柱子倒了"))
    data = {"unit": "urban-management", "item": LAMPS, "grade": "C"}
    act = Act(Kind.ASSIGNED, Actor(Role.DISPATCHER, "li"), await office.ledger.now(), data)
    await office.ledger.cases.record(case_no, act)
    document = await train(office, "demo", written(tmp_path / "labels.csv", rows(FEWEST)), LabelledColumns())
    assert (document["labelled"], document["corrections"], document["judged"]) == (FEWEST, 1, FEWEST + 1)


async def test_labels_that_are_no_items_are_refused(office: Office, tmp_path: Path) -> None:
    file = written(tmp_path / "labels.csv", [["甲", "乙", "城乡建设"]])
    with pytest.raises(CommandFailed, match="请改用事项编码"):
        await train(office, "demo", file, LabelledColumns())
    with pytest.raises(UnknownDistrict):
        await train(office, "nowhere", file, LabelledColumns())


async def test_any_labels_can_be_evaluated_that_a_file_teaches(office: Office, tmp_path: Path) -> None:
    taught, asked = written(tmp_path / "train.csv", rows(80)), written(tmp_path / "test.csv", rows(40, seed=5))
    document = await score(Task.CLASSIFICATION, office, Asked(asked, "demo", taught))
    assert (document["n"], document["trained_on"], document["accuracy"], document["macro_f1"]) == (40, 80, 1.0, 1.0)
    assert document["automatic"]["precision"] == 1.0
    assert set(document["per_label"]) == {LAMPS, WAGES}
    assert document["reference"] == {"macro_f1": 1.0, "accuracy": 1.0}
    assert 0 < document["model_bytes"] < 100_000
    shown = list(lines(Task.CLASSIFICATION, document))
    assert shown[0] == "40 条：宏平均 F1 1.000，准确率 1.000"
    assert shown[1].startswith("  对照")
    assert models_of(office).of("demo").about is None  # nothing is kept


async def test_rows_that_were_taught_are_counted(office: Office, tmp_path: Path) -> None:
    taught = written(tmp_path / "train.csv", rows(40))
    asked = written(tmp_path / "test.csv", [[f"{title}！", detail, label] for title, detail, label in rows(10)])
    document = await score(Task.CLASSIFICATION, office, Asked(asked, "demo", taught))
    assert document["seen"] == 10


async def test_without_a_file_to_learn_from_the_model_in_use_is_scored(office: Office, tmp_path: Path) -> None:
    asked = written(tmp_path / "test.csv", rows(20, seed=5), [["甲", "乙", "无此事项"]])
    before = await score(Task.CLASSIFICATION, office, Asked(asked, "demo"))
    assert (before["n"], before["model"], before["unknown"]) == (20, None, [{"row": 22, "label": "无此事项"}])
    await train(office, "demo", written(tmp_path / "labels.csv", rows(100)), LabelledColumns())
    after = await score(Task.CLASSIFICATION, office, Asked(asked, "demo"))
    assert after["accuracy"] == 1.0 > before["accuracy"]
    assert (before["seen"], after["seen"]) == (0, 0)
    taught = await score(Task.CLASSIFICATION, office, Asked(tmp_path / "labels.csv", "demo"))
    assert taught["seen"] == taught["n"] == 100  # told, so that nobody takes its figures for true
    assert after["model"]["judged"] == after["model"]["own"] > 0
    with pytest.raises(CommandFailed, match="--train"):
        await score(Task.CLASSIFICATION, office, Asked(written(tmp_path / "x.csv", [["甲", "乙", "丙"]]), "demo"))


async def test_too_little_to_learn_from_is_refused(office: Office, tmp_path: Path) -> None:
    file = written(tmp_path / "one.csv", rows(1))
    with pytest.raises(TooLittle):
        await score(Task.CLASSIFICATION, office, Asked(file, "demo", file))


@pytest.mark.parametrize("task", sorted(set(Task) - set(TASKS)))
async def test_a_task_that_is_not_there_is_refused(office: Office, tmp_path: Path, task: Task) -> None:
    with pytest.raises(CommandFailed, match=f"还不能评估 {task}"):
        await score(task, office, Asked(tmp_path / "x.csv", "demo"))
