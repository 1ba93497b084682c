"""Names by which people introduce themselves, and ordinary words that begin like one."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.privacy import Kind, Masked, mask

MESSAGES = Path(__file__).resolve().parents[4] / "shared" / "data" / "messages_hot.csv"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("我叫张三，今年60岁", "我叫【姓名】，今年60岁"),
        ("我叫刘海生家住金沙社区", "我叫【姓名】家住金沙社区"),
        ("本人王秀英，身份证已办", "本人【姓名】，身份证已办"),
        ("联系人：李娜 电话见附件", "联系人：【姓名】 电话见附件"),
        ("联系人李娜", "联系人【姓名】"),
        ("姓名：欧阳明月", "姓名：【姓名】"),
        ("业主张三、李四投诉", "业主【姓名】、李四投诉"),
        ("投诉人 王 强，", "投诉人 【姓名】，"),
        ("请尽快处理。张建国 2026年11月22日", "请尽快处理。【姓名】 2026年11月22日"),
        ("我是居民陈x伍，住在三楼", "我是居民【姓名】，住在三楼"),
        ("儿子李小龙，8岁", "儿子【姓名】，8岁"),
    ],
)
def test_an_introduced_name_is_masked(written: str, shown: str) -> None:
    assert mask(written) == Masked(shown, (Kind.NAME,))


@pytest.mark.parametrize(
    "harmless",
    [
        "业主委员会，物业公司",
        "业主方便，居民安全。",
        "本人于2026年向街道反映",
        "本人曾多次反映，",
        "居民生活，学生安全，",
        "居民出行，孩子成长，",
        "联系人和电话见附件",
        "申请人应当，",
        "望尽快解决。谢谢！",
        "请处理。麻烦了",
        "我叫了警察",
        "名叫九九河鱼馆的饭店",
        "我是高考学生，",
    ],
)
def test_ordinary_words_stay(harmless: str) -> None:
    assert mask(harmless) == Masked(harmless, ())


@pytest.mark.shared_data
def test_few_real_messages_have_a_name_masked() -> None:
    """Eighty of 5,036 texts have one; read by eye, some five of those passages are no name."""
    if not MESSAGES.exists():
        pytest.skip(f"{MESSAGES} is not there: the public messages are kept beside the project")
    texts = list(_texts())
    named = sum(Kind.NAME in mask(text).found for text in texts)
    assert len(texts) == 5036
    assert 60 <= named <= 100


def _texts() -> Iterator[str]:
    with MESSAGES.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield from (row[column] for column in ("留言主题", "留言详情") if row[column])
