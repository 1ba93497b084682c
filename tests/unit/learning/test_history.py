"""Learning from labelled texts, judged on texts that were left out."""

from dataclasses import replace

import numpy as np
import pytest

from learning import history
from learning.errors import TooLittle
from learning.history import Told, learn
from learning.scores import calibration_error, rights, scores
from tests.unit.learning.made_history import told


def test_labels_are_learnt_and_the_confidence_is_honest() -> None:
    learnt = learn(told(400))
    truth = [one.label for one in learnt.judged]
    figures = scores(truth, learnt.said, list(learnt.confidence))
    assert learnt.texts == figures.n == 400
    assert 0.85 < figures.accuracy < 1.0  # one in ten is told wrongly, and of those one in three rightly by chance
    unseen = told(400, seed=1)
    probabilities = learnt.model.probabilities([one.text for one in unseen])
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(400))
    said = [learnt.model.labels[n] for n in probabilities.argmax(axis=1)]
    right = rights([one.label for one in unseen], said)
    assert abs(float(right.mean()) - figures.accuracy) < 0.06
    assert calibration_error(list(probabilities.max(axis=1)), right) < 0.08


def test_what_is_judged_has_not_been_learnt() -> None:
    """Labels without any rule: who has learnt them by heart is right always, who has not is right by chance."""
    chance = np.random.default_rng(0)
    senseless = [replace(one, label=str(chance.choice(["甲", "乙", "丙"]))) for one in told(300)]
    learnt = learn(senseless)
    held_out = rights([one.label for one in learnt.judged], learnt.said).mean()
    assert held_out < 0.45


def test_many_labels_are_learnt_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "FEW_LABELS", 2)
    monkeypatch.setattr(history, "MOST_COLUMNS", 100)
    learnt = learn(told(400))
    figures = scores([one.label for one in learnt.judged], learnt.said, list(learnt.confidence))
    assert figures.accuracy > 0.85
    assert figures.ece < 0.1
    assert len(learnt.model.weights) == 100
    assert learnt.held_out.sum(axis=1) == pytest.approx(np.ones(400))


def test_two_labels_are_enough() -> None:
    learnt = learn([one for one in told(200, noise=0.0) if one.label != "欠薪"])
    right = rights([one.label for one in learnt.judged], learnt.said)
    assert right.mean() > 0.95
    said = learnt.model.probabilities([one.text for one in learnt.judged]).argmax(axis=1)
    assert rights([one.label for one in learnt.judged], [learnt.model.labels[n] for n in said]).mean() > 0.95


def test_a_label_with_a_single_text_is_left_out() -> None:
    learnt = learn([*told(60), Told(("谢谢你们",), "表扬"), Told(("谢谢你们！",), "表扬")])
    assert "表扬" not in learnt.model.labels
    assert len(learnt.judged) == 60


def test_what_is_not_judged_is_learnt_from_all_the_same() -> None:
    given = [Told(("窨井盖丢失",), "井盖", judged=False) for _ in range(5)]
    learnt = learn([*told(60), *given, Told(("井盖不见了",), "井盖"), Told(("路上没有井盖",), "井盖")])
    assert "井盖" in learnt.model.labels
    assert len(learnt.judged) == 62
    assert learnt.texts == 67


@pytest.mark.parametrize("few", [[], [Told(("路灯",), "甲")], [Told(("路灯",), "甲"), Told(("灯杆",), "甲")]])
def test_too_little_is_refused(few: list[Told]) -> None:
    with pytest.raises(TooLittle, match="give more labelled texts"):
        learn(few)


def test_characters_and_pairs_say_what_a_label_was_chosen_by() -> None:
    model = learn(told(200)).model
    row = model.blocks.matrix([("昨天老板不给工资",)])
    gains = model.contributions(row, "欠薪")
    assert max(gains, key=lambda gram: gains[gram]) in {"工资", "老板", "工", "资", "老", "板"}
    assert all(len(gram) <= 2 for gram in gains)
