"""A night's lesson on a small ledger: corrections become a model, which running tasks take up at once."""

import random
from collections.abc import Iterator

import pytest

from casework.events import Act, Actor, Kind, Role
from learning import history
from learning.promotion import FEWEST
from ledger.labelled import Labelled, LabelledUnreadable
from ledger.ledger import Ledger
from ledger.secrets import Keyring
from ledger.settings import settings
from tasks import desk
from tasks.retrain import lesson
from tests.integration.tasks.at_work import AtWork

LAMPS, WAGES = "SZ-0601", "SZ-0801"
SAID = {LAMPS: ("萤火虫", "亮晶晶", "光柱子"), WAGES: ("饷银", "东家", "月例")}
"""Words of this district's own, which the catalogue has never heard."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few grams: what the catalogue's texts teach of other items does not matter here."""
    monkeypatch.setattr(history, "MOST_COLUMNS", 700)
    monkeypatch.setattr(history, "FOLDS_OF_MANY", 3)


def texts(n: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    chance = random.Random(seed)
    for number in range(n):
        item = (LAMPS, WAGES)[number % 2]
        where = f"{chance.choice('东西南北')}{chance.choice('坊巷弄院')}{chance.choice('甲乙丙丁')}"
        yield f"{where}的{'与'.join(chance.sample(SAID[item], 2))}都没有了", item


async def corrected(work: AtWork, n: int, seed: int = 0) -> None:
    """Cases that a dispatcher has named an item for."""
    for words, item in texts(n, seed):
        case_no = await work.received(words)
        data = {"unit": "urban-management", "item": item, "grade": "C"}
        act = Act(Kind.ASSIGNED, Actor(Role.DISPATCHER, "li"), await work.ledger.now(), data)
        await work.ledger.cases.record(case_no, act)


def guesses() -> list[str]:
    return [desk.classifier("demo").classify(text).item for text in ("北街的萤火虫没了", "东家不给饷银")]


async def test_enough_corrections_become_the_model_in_use(work: AtWork) -> None:
    before = desk.classifier("demo")
    assert guesses() != [LAMPS, WAGES]
    await corrected(work, 2 * FEWEST)
    line = await lesson("demo")
    assert line.startswith("示范区：标注 0 条")
    assert "已启用" in line
    assert guesses() == [LAMPS, WAGES]
    assert desk.classifier("futian") is before  # a district learns for itself
    (file,) = desk.models().shelf("demo").models()
    about = desk.models().of("demo").about
    assert about is not None
    assert (about.own, about.catalogue) == (len(about.learnt), desk.city().catalogue.version)
    assert "不足 50 件" in await lesson("demo")  # it has learnt them all
    assert desk.models().shelf("demo").models() == [file]


async def test_a_few_corrections_change_nothing(work: AtWork) -> None:
    await corrected(work, 6)
    assert "不足 50 件，今夜不学习" in await lesson("demo")
    assert desk.models().shelf("demo").stamp() is None


async def test_labels_that_cannot_be_opened_are_told_of(work: AtWork, ledger: Ledger) -> None:
    folder = settings().models_folder
    Labelled(folder, Keyring(b"0" * 43 + b"=")).keep("demo", [("路灯不亮", LAMPS)])
    with pytest.raises(LabelledUnreadable):
        await lesson("demo")
    assert list(await work.alerts()) == ["labels_unreadable"]
    Labelled(folder, ledger.keyring).keep("demo", [("路灯不亮", LAMPS)])
    await lesson("demo")
    assert await work.alerts() == {}
