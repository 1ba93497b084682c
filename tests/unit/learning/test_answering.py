"""The knowledge base on questions that are not among its phrasings: right answers, honest confidence, quick."""

import random
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.events import Kind
from casework.instant import decided
from catalog.answer_loading import load_answers
from catalog.answers import KnowledgeBase
from catalog.items import Catalogue
from catalog.loading import load_catalogue
from catalog.marked import read_marked
from catalog.policy import Policy
from learning.answering import Answerer, complaints, unsettled

TODAY = date(2026, 11, 27)
POLICY = Policy(answer_threshold=0.7)  # as the districts have it
QUESTIONS: dict[str, str | None] = read_marked(Path(__file__).with_name("questions.yaml")).value


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def knowledge(catalogue: Catalogue) -> KnowledgeBase:
    return load_answers(catalogue)


@pytest.fixture(scope="module")
def against(catalogue: Catalogue) -> tuple[str, ...]:
    return (*complaints(catalogue), *unsettled())


@pytest.fixture(scope="module")
def answerer(knowledge: KnowledgeBase, against: tuple[str, ...]) -> Answerer:
    return Answerer.of(knowledge, against)


def given_to(answerer: Answerer, text: str) -> str | None:
    """The entry that is given as the answer; None where nothing is."""
    kind, data = decided(text, answerer.find(text, "", TODAY), POLICY)
    return data["entry"] if kind is Kind.ANSWERED else None


def test_what_is_answered_is_right_and_more_than_half_is_answered(answerer: Answerer) -> None:
    """Of 72 questions that have an answer 46 get it at 0.7, and no other."""
    given = {text: given_to(answerer, text) for text in QUESTIONS}
    wrong = {text: entry for text, entry in given.items() if entry not in (None, QUESTIONS[text])}
    assert len(wrong) <= 1, wrong
    right = sum(entry is not None and entry == QUESTIONS[text] for text, entry in given.items())
    assert right >= 0.55 * sum(entry is not None for entry in QUESTIONS.values())


def test_hardly_a_complaint_would_be_answered_even_if_it_were_taken_for_a_question(
    knowledge: KnowledgeBase, against: tuple[str, ...]
) -> None:
    """Complaints that it was not taught, and that no case would ever look up, being no questions: 2.7 %."""
    learnt, held_out = against[::2], against[1::2]
    answerer = Answerer.of(knowledge, learnt)
    answered = [text for text in held_out if given_to(answerer, text)]
    assert len(answered) <= 0.04 * len(held_out), answered


def test_confidence_is_honest_on_what_was_left_out(knowledge: KnowledgeBase, against: tuple[str, ...]) -> None:
    """A phrasing of each entry left out, every fifth entry whole, every fifth complaint; five bins.

    Complaints are never looked up, so that how often a sure answer is right is asked of questions alone.
    """
    draw, asked, kept = random.Random(7), [], []
    for n, answer in enumerate(knowledge.answers):
        if n % 5 == 0:
            asked += [(phrasing, None) for phrasing in answer.phrasings]
            continue
        phrasings = list(answer.phrasings)
        asked.append((phrasings.pop(draw.randrange(len(phrasings))), answer.id))
        kept.append(answer.model_copy(update={"phrasings": tuple(phrasings)}))
    questions = len(asked)
    asked += [(text, None) for text in against[::5]]
    answerer = Answerer.of(KnowledgeBase(answers=tuple(kept)), tuple(t for n, t in enumerate(against) if n % 5))
    found = [(answerer.find(text, "", TODAY), entry) for text, entry in asked]
    sure = np.array([one.confidence if one else 0.0 for one, _ in found])
    right = np.array([one is not None and one.entry == entry for one, entry in found])
    bins = np.minimum((sure * 5).astype(int), 4)
    gaps = [(bins == n).mean() * abs(sure[bins == n].mean() - right[bins == n].mean()) for n in set(bins.tolist())]
    assert sum(gaps) <= 0.05
    sure, right = sure[:questions], right[:questions]
    assert (sure > 0.7).sum() >= 20
    assert right[sure > 0.7].mean() >= 0.78  # where every fifth entry is missing with all that is like it


def test_a_question_takes_milliseconds(answerer: Answerer) -> None:
    fastest = min(_seconds(answerer, "请问外地户口的小孩在这里上小学一年级要准备哪些材料") for _ in range(20))
    assert fastest < 0.01


def _seconds(answerer: Answerer, text: str) -> float:
    start = time.perf_counter()
    answerer.find(text, "", TODAY)
    return time.perf_counter() - start


@given(st.text(max_size=200))
def test_any_text_gets_a_confidence_or_nothing(answerer: Answerer, text: str) -> None:
    found = answerer.find(text, "", TODAY)
    assert found is None or 0 <= found.confidence <= 1


@pytest.mark.parametrize("text", ["", "???", "12345", "请问", "怎么办"])
def test_without_a_known_word_there_is_no_answer(answerer: Answerer, text: str) -> None:
    assert answerer.find(text, "", TODAY) is None


def test_the_words_of_the_place_decide_nothing(answerer: Answerer) -> None:
    with_place = answerer.find("请问图书馆路附近怎么办护照", "图书馆路", TODAY)
    assert with_place is not None
    assert with_place == answerer.find("请问 附近怎么办护照", "", TODAY)


def test_after_its_last_day_an_answer_is_not_given(knowledge: KnowledgeBase, against: tuple[str, ...]) -> None:
    until = [
        each.model_copy(update={"valid_until": TODAY}) if each.id == "passport" else each for each in knowledge.answers
    ]
    answerer = Answerer.of(KnowledgeBase(answers=tuple(until)), against[::4])
    question = "请问护照到期了怎么换"
    found = answerer.find(question, "", TODAY)
    assert found is not None
    assert found.entry == "passport"
    later = answerer.find(question, "", TODAY + timedelta(days=1))
    assert later is not None
    assert later.entry != "passport"
