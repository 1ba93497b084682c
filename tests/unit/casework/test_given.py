"""What a contact field says of a person, however it is filled in, and where that occurs again."""

import pytest

from casework.given import NOBODY, Given
from casework.privacy import mask


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("张伟", {"张伟"}),
        ("张 伟", {"张伟"}),
        ("欧阳秀英", {"欧阳秀英"}),
        ("买买提·艾力", {"买买提·艾力", "买买提", "艾力"}),
        ("阿卜杜热西提", {"阿卜杜热西提"}),
        ("张伟，身份证440307199001011234", {"张伟"}),
        ("联系人王和平电话13812345678", {"王和平"}),
        ("张伟 李娜", {"张伟", "李娜"}),
        ("李四（业主）", {"李四"}),
        ("李四女士", {"李四"}),
        ("Tom Lee", {"Tom Lee"}),
        ("业主", set()),
        ("匿名", set()),
        ("张先生", set()),
        ("小王", set()),
        ("金沙社区", set()),
        ("深圳市金沙物业有限公司", set()),
        ("", set()),
    ],
)
def test_the_names_in_a_contact_field(written: str, names: set[str]) -> None:
    assert Given.of({"name": written}).names == names


def test_a_name_in_the_middle_of_words_is_among_those_it_may_be() -> None:
    assert "王秀英" in Given.of({"on_behalf_of": "代母亲王秀英反映"}).names
    assert "张胜男" in Given.of({"name": "张胜男"}).names


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("张伟您好", "【姓名】您好"),
        ("张 伟您好", "【姓名】您好"),
        ("张先生已签字", "【姓名】先生已签字"),
        ("张某反映", "【姓名】某反映"),
        ("伟大的工程", "伟大的工程"),
        ("李先生说", "李先生说"),
    ],
)
def test_a_name_is_masked_wherever_it_stands(words: str, shown: str) -> None:
    assert mask(words, Given.of({"name": "张伟"})).text == shown


@pytest.mark.parametrize(
    "written",
    [
        "075584612345",
        "0755-84612345",
        "(0755)84612345",
        "84612345",
        "8461 2345",
        "八四六一二三四五",
        "+86 755 84612345",
    ],
)
def test_a_number_is_masked_however_it_is_written(written: str) -> None:
    shown = mask(f"回电{written}。", Given.of({"phone": "+86 0755-84612345"})).text
    assert not any(character.isdigit() for character in shown)
    assert "四" not in shown


def test_who_gave_nothing_is_nobody() -> None:
    assert Given.of({}) == NOBODY
    assert Given.of({"place": "荷花里3栋", "text": "张伟"}) == NOBODY
    assert mask("路灯不亮", NOBODY).found == ()


def test_latin_names_are_not_found_inside_other_words() -> None:
    people = Given.of({"name": "Tom"})
    assert mask("tomato and Tom", people).text == "tomato and 【姓名】"
