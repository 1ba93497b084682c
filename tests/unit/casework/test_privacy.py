"""Masking: what must not pass, and numbers that are no one's."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.privacy import Given, Kind, Masked, mask


@pytest.mark.parametrize(
    ("written", "shown", "kind"),
    [
        ("请打13812345678找我", "请打【手机号】找我", Kind.MOBILE),
        ("电话：１３８１２３４５６７８。", "电话：【手机号】。", Kind.MOBILE),
        ("138 1234 5678", "【手机号】", Kind.MOBILE),
        ("138-1234-5678", "【手机号】", Kind.MOBILE),
        ("138—1234—5678", "【手机号】", Kind.MOBILE),
        ("1381-234-5678", "【手机号】", Kind.MOBILE),
        ("13812 345678", "【手机号】", Kind.MOBILE),
        ("1381234 5678", "【手机号】", Kind.MOBILE),
        ("138·1234·5678", "【手机号】", Kind.MOBILE),
        ("1 3 8 1 2 3 4 5 6 7 8", "【手机号】", Kind.MOBILE),
        ("+86 138 1234 5678", "【手机号】", Kind.MOBILE),
        ("8613812345678", "【手机号】", Kind.MOBILE),
        ("（+86）13812345678", "【手机号】", Kind.MOBILE),
        ("微信v13812345678同号", "微信v【手机号】同号", Kind.MOBILE),
        ("一三八一二三四五六七八", "【手机号】", Kind.MOBILE),
        ("幺三八 1234 五六七八", "【手机号】", Kind.MOBILE),
        ("0755-84612345", "【电话】", Kind.LANDLINE),
        ("(0755)84612345转801", "【电话】", Kind.LANDLINE),
        ("０７５５－８４６１　２３４５", "【电话】", Kind.LANDLINE),
        ("010 6261 2345", "【电话】", Kind.LANDLINE),
        ("+86 755 8461 2345", "【电话】", Kind.LANDLINE),
        ("座机84612345", "座机【电话】", Kind.LANDLINE),
        ("家里电话是：8461-2345", "家里电话是：【电话】", Kind.LANDLINE),
        ("身份证440307199001011234办理", "身份证【身份证号】办理", Kind.ID_CARD),
        ("11010519491231002X", "【身份证号】", Kind.ID_CARD),
        ("440307 19900101 123x", "【身份证号】", Kind.ID_CARD),
        ("440307-1990-0101-1234", "【身份证号】", Kind.ID_CARD),
        ("４４０３０７１９９００１０１１２３４", "【身份证号】", Kind.ID_CARD),
        ("440307900101123", "【身份证号】", Kind.ID_CARD),
        ("卡号6222 0212 3456 7890 128", "卡号【银行卡号】", Kind.BANK_CARD),
        ("粤B·12345乱停", "【车牌】乱停", Kind.PLATE),
        ("粤Ｂ12345", "【车牌】", Kind.PLATE),
        ("粤b 8K9D2", "【车牌】", Kind.PLATE),
        ("粤BD12345", "【车牌】", Kind.PLATE),
        ("粤B12345F", "【车牌】", Kind.PLATE),
        ("粤Z1234港", "【车牌】", Kind.PLATE),
        ("车牌号B12345", "车牌号【车牌】", Kind.PLATE),
        ("发到 zhang.san+12@mail.example.com.cn 吧", "发到 【邮箱】 吧", Kind.EMAIL),
        ("13812345678＠139.com", "【邮箱】", Kind.EMAIL),
    ],
)
def test_personal_data_is_masked(written: str, shown: str, kind: Kind) -> None:
    assert mask(written) == Masked(shown, (kind,))


@pytest.mark.parametrize(
    "harmless",
    [
        "拨打12345、110、96333和400-830-1234都试过",
        "物业费每月1380元，一年16560元",
        "投资13812345678元",
        "房价15000-18000元每平",
        "2026-11-22 13:45:00停电，至2026年11月23日8点",
        "发生在20261122130000",
        "案件编号PS2026112200001一直没有进展",
        "订单号20261122138001380001",
        "公交M131、B615和高快巴士38路",
        "131 20261125",
        "龙田街道荷花里3栋",
        "坪山大道2007号",
        "经纬度114.13812345678，22.69",
        "面积138.12平方米，容积率3.5678",
        "第138 1234号文件",
        "深坪府〔2026〕13号",
        "拖欠工资35000元，共12人",
        "统一社会信用代码91440300MA5EXAMPLE",
        "@坪山 家里没水",
        "新建A栋12345号铺位",
        "京东B栋",
        "宽带1000兆，路灯编号0755-12",
        "一二三四五六七八九十",
        "说好一三五清运，二四六不来",
        "",
    ],
)
def test_other_numbers_stay(harmless: str) -> None:
    assert mask(harmless) == Masked(harmless, ())


def test_several_in_one_text_keep_their_order() -> None:
    masked = mask("我是业主，车粤B12345被划，电话138 1234 5678或0755-84612345，邮箱a@b.cn，谢谢")
    assert masked.text == "我是业主，车【车牌】被划，电话【手机号】或【电话】，邮箱【邮箱】，谢谢"
    assert masked.found == (Kind.PLATE, Kind.MOBILE, Kind.LANDLINE, Kind.EMAIL)


def test_a_listed_phone_is_masked_in_any_list() -> None:
    assert mask("1.13812345678；2.13912345678").found == (Kind.MOBILE, Kind.MOBILE)
    assert mask("13812345678/13912345678").found == (Kind.MOBILE, Kind.MOBILE)
    assert mask("13812345678\n13912345678").found == (Kind.MOBILE, Kind.MOBILE)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("荷花里3栋2单元502房漏水", "荷花里3栋【房号】漏水"),
        ("荷花里3栋502漏水", "荷花里3栋【房号】漏水"),
        ("家住幸福小区12号楼1101室", "家住幸福小区12号楼【房号】"),
        ("我是4座1709的住户", "我是4座【房号】的住户"),
        ("３栋２单元５０２", "３栋【房号】"),
        ("三栋二单元五零二室", "三栋【房号】"),
        ("楼上1-2-602整天装修", "楼上【房号】整天装修"),
        ("楼上602、603室太吵", "楼上【房号】太吵"),
    ],
)
def test_the_door_of_a_home_is_masked_and_its_building_stays(written: str, shown: str) -> None:
    assert mask(written) == Masked(shown, (Kind.ROOM,))


@pytest.mark.parametrize(
    "harmless",
    [
        "整栋楼150多户没水",
        "14栋300多户",
        "3栋105m2户型",
        "3室2厅",
        "住了102房价跌了",
        "坪山大道2007号",
        "13栋楼的业主",
        "504路公交",
        "3栋1楼",
    ],
)
def test_what_only_looks_like_a_door_stays(harmless: str) -> None:
    assert mask(harmless) == Masked(harmless, ())


MOBILES = st.from_regex(r"\A1[3-9][0-9]{9}\Z")
DIGITS = st.from_regex(r"\A[0-9]{3}\Z")
ID_CARDS = st.builds(
    lambda area, day, last: f"{area}{day:%Y%m%d}{last}X",
    st.sampled_from(["440307", "110105", "310104", "513401"]),
    st.dates(date(1930, 1, 1), date(2020, 12, 31)),
    DIGITS,
)
PLATES = st.from_regex(r"\A[粤京沪湘][A-HJ-NP-Z][0-9][A-HJ-NP-Z0-9]{4}\Z")
SURNAMES = st.sampled_from([*"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗", "欧阳", "上官"])
GIVEN_NAMES = st.text(alphabet="伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英", min_size=1, max_size=2)
NAMES = st.builds(str.__add__, SURNAMES, GIVEN_NAMES)
WORDS = "路灯坏了请处理垃圾没人清运，。！；：（）噪音扰民小区门口的楼下和在到了 abc"
AROUND = st.text(alphabet=WORDS, max_size=12)
GAPS = st.sampled_from(["", " ", "-", "－", "·", "　"])


@given(AROUND, MOBILES, GAPS, st.booleans(), AROUND)
def test_no_mobile_survives(before: str, number: str, gap: str, full_width: bool, after: str) -> None:
    written = gap.join((number[:3], number[3:7], number[7:]))
    if full_width:
        written = "".join(chr(ord(digit) + 0xFEE0) if digit.isdigit() else digit for digit in written)
    masked = mask(f"{before}{written}，{after}")
    assert written not in masked.text
    assert Kind.MOBILE in masked.found


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more(anything: str) -> None:
    once = mask(anything)
    assert mask(once.text) == Masked(once.text, ())
    assert bool(once.found) == (once.text != anything)


@given(AROUND, st.one_of(MOBILES, ID_CARDS, PLATES), AROUND)
def test_no_planted_number_survives_whatever_stands_around_it(before: str, planted: str, after: str) -> None:
    assert planted not in mask(f"{before}{planted}，{after}").text
    assert planted.lower() not in mask(f"{before}，{planted.lower()}，{after}").text


@given(AROUND, NAMES, AROUND)
def test_no_name_that_was_given_survives(before: str, name: str, after: str) -> None:
    masked = mask(f"{before}{name}{after}", Given.of({"name": name}))
    assert name not in masked.text
    assert Kind.NAME in masked.found


@given(
    AROUND,
    st.sampled_from(["我叫", "联系人：", "姓名：", "业主", "本人"]),
    NAMES,
    st.sampled_from("，。；（ 、"),
    AROUND,
)
def test_no_name_survives_by_which_somebody_introduces_themselves(
    before: str, how: str, name: str, end: str, after: str
) -> None:
    assert name not in mask(f"{before}{how}{name}{end}{after}").text


@given(st.text(alphabet=f"{WORDS}我叫业主姓名联系人张伟王强李娜0123456789-栋室房单元", max_size=80))
def test_masking_what_was_given_twice_changes_nothing_more(anything: str) -> None:
    people = Given.of({"name": "张伟（王强先生的邻居）", "phone": "0755-84612345", "on_behalf_of": "母亲李娜"})
    once = mask(anything, people)
    assert mask(once.text, people).found == ()


@pytest.mark.parametrize(
    "part", [" ", "业主张三", "姓名：", "502室", "1", "3栋502、", "a-", "。 ", "粤B12345", "联系人 ", "a@"]
)
def test_a_long_text_of_anything_is_masked_in_a_moment(part: str) -> None:
    began = time.perf_counter()
    mask(part * (20_000 // len(part)), Given.of({"name": "张伟", "phone": "13812345678"}))
    assert time.perf_counter() - began < 3
