"""Duplicates measured: on made-up messages, and on the labelled ones where the public data is at hand."""

from pathlib import Path

import numpy as np
import pytest

from catalog.items import Catalogue
from catalog.loading import load_catalogue
from deployments.evaluating.duplicates import UnusableSet, best_threshold, evaluate, fitted, read
from learning.duplicates import features, shipped
from learning.likeness import Likeness
from ledger.settings import ROOT

PAIRS = ROOT / "tests" / "data" / "duplicates_hot.csv"
MESSAGES = ROOT.parent / "shared" / "data" / "messages_hot.csv"
ESTATES = ("星湖湾", "金色里", "梧桐苑", "碧水湾", "晨曦里", "翠竹轩", "银桂坊", "凤凰台", "海棠居", "听涛阁", "望岳楼")
COMPLAINTS = ("路灯不亮好几天了、晚上看不见路", "电梯坏了、老人上不去楼")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """Two matters in each of eleven estates, each told twice."""
    rows = [
        f"{n:02d}{m}{again},网友,A3区{estate}小区反映,2019-01-0{1 + again} 10:00:00,{said}{'、请尽快处理' * again},0,0"
        for n, estate in enumerate(ESTATES)
        for m, said in enumerate(COMPLAINTS)
        for again in (0, 1)
    ]
    file = tmp_path / "messages.csv"
    head = "留言编号,留言用户,留言主题,留言时间,留言详情,反对数,点赞数"
    file.write_text("\n".join([head, *rows]), encoding="utf-8-sig")
    return file


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Each matter told again, and the estate's other matter as a different one."""
    rows = []
    for n in range(len(ESTATES)):
        rows += [f"{n:02d}00,{n:02d}01,1", f"{n:02d}10,{n:02d}11,1", f"{n:02d}00,{n:02d}10,0"]
    file = tmp_path / "pairs.csv"
    file.write_text("\n".join(["id1,id2,same", *rows]), encoding="utf-8")
    return file


def test_what_is_easy_is_found(messages: Path, pairs: Path, catalogue: Catalogue) -> None:
    found = evaluate(messages, pairs, catalogue)
    assert (found["n"], found["same"]) == (33, 22)
    assert found["precision"] > 0.9
    assert found["recall"] > 0.9
    assert 0 < found["threshold"] < 1


def test_pairs_that_share_a_request_are_of_one_group(messages: Path, pairs: Path) -> None:
    labelled = read(messages, pairs)
    assert len(set(labelled.groups)) == len(ESTATES)
    assert all(len(set(labelled.groups[n : n + 3])) == 1 for n in range(0, 33, 3))


def test_a_masked_place_stands_for_a_street(messages: Path, pairs: Path) -> None:
    one, _ = read(messages, pairs).told[0]
    assert (one.street, one.community) == ("A3区", None)
    assert "A3区" not in one.text


def test_the_threshold_is_the_middle_one_of_the_best() -> None:
    probabilities = np.array([0.1, 0.2, 0.6, 0.9])
    assert best_threshold(probabilities, np.array([False, False, True, True])) == 0.6
    assert best_threshold(probabilities, np.array([True, True, True, True])) == 0.1


def test_a_pair_of_a_message_that_is_not_there_is_told_by_its_number(
    messages: Path, pairs: Path, catalogue: Catalogue
) -> None:
    pairs.write_text("id1,id2,same\n0000,9999,1\n", encoding="utf-8")
    with pytest.raises(UnusableSet, match="中的 9999 在"):
        evaluate(messages, pairs, catalogue)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [(b"id1,id2\n1,2\n", "没有“same”一列"), ("id1,id2,same\n路,灯,1\n".encode("gb18030"), "不是 UTF-8")],
)
def test_a_file_that_cannot_be_read_is_told(messages: Path, pairs: Path, written: bytes, sentence: str) -> None:
    pairs.write_bytes(written)
    with pytest.raises(UnusableSet, match=sentence):
        read(messages, pairs)


def test_a_file_that_is_not_there_is_named(messages: Path, pairs: Path) -> None:
    pairs.unlink()
    with pytest.raises(FileNotFoundError, match=pairs.name):
        read(messages, pairs)


def test_too_few_pairs_of_a_kind_are_refused(messages: Path, pairs: Path, catalogue: Catalogue) -> None:
    pairs.write_text("id1,id2,same\n0000,0001,1\n", encoding="utf-8")
    with pytest.raises(UnusableSet, match="至少要有 10 对"):
        evaluate(messages, pairs, catalogue)


@pytest.mark.shared_data
@pytest.mark.skipif(not MESSAGES.exists(), reason=f"the public data is not at {MESSAGES}")
def test_on_real_messages_labelled_by_hand(catalogue: Catalogue) -> None:
    found = evaluate(MESSAGES, PAIRS, catalogue)
    print(found)
    assert found["n"] == 200
    assert found["precision"] >= 0.88
    assert found["recall"] >= 0.86
    assert found["shipped"]["f1"] >= 0.88


@pytest.mark.shared_data
@pytest.mark.skipif(not MESSAGES.exists(), reason=f"the public data is not at {MESSAGES}")
def test_the_weights_that_are_shipped_are_those_of_the_pairs(catalogue: Catalogue) -> None:
    """A catalogue that has grown shifts them: when they judge otherwise they are fitted anew."""
    rows = features(Likeness.from_catalogue(catalogue), read(MESSAGES, PAIRS).told)
    anew = fitted(MESSAGES, PAIRS, catalogue)
    assert np.abs(shipped().probabilities(rows) - anew.probabilities(rows)).mean() < 0.05
