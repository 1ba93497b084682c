"""A first look at requests: danger, denial of danger, and what a request is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.hazards import LONG_LETTER, hazards
from casework.screening import screen
from catalog.items import Emergency, Property
from catalog.loading import load_catalogue
from catalog.policy import Grade


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("家里有很大的燃气味，快来人", "gas"),
        ("一打开厨房就闻到煤气味", "gas"),
        ("请问家里有燃气味怎么办？", "gas"),
        ("路灯杆漏电，刚才有小孩碰到", "power"),
        ("雨棚下面的电线裸露在外面，怕伤到人", "power"),
        ("这根灯杆经常漏电", "power"),
        ("煤气罐的管子被老鼠咬了，一直在漏气", "gas"),
        ("挖掘机把燃气管挖断了", "gas"),
        ("电缆断在路上没人管", "power"),
        ("楼下着火了", "119"),
        ("车棚里一辆电动车自燃", "119"),
        ("厨房冒黑烟", "119"),
        ("消防栓旁边着火了", "119"),
        ("怕是着火了，好浓的烟", "119"),
        ("老人被困在电梯里", "119"),
        ("电梯困人，没人接电话", "119"),
        ("工地上有人受伤，流了很多血", "120"),
        ("有人掉进河里了", "120"),
        ("我爸心口疼，叫不醒", "120"),
        ("食堂的饭吃坏了好多人", "120"),
        ("有人持刀追人", "110"),
        ("隔壁在打老婆，快报警", "110"),
        ("楼上夫妻打架，女的被打得很惨", "110"),
        ("我妈妈走丢了，老人走失两个小时", "110"),
        ("刚刚发生车祸，有人被撞了", "122"),
        ("我在斑马线上被电动车撞了", "122"),
        ("两车追尾", "122"),
        ("路口井盖不见了，晚上很危险", None),
        ("人行道上的窨井没盖子", None),
        ("去年丢的井盖到现在都没补", None),
        ("外墙瓷砖掉下来砸到车", None),
        ("楼上有人高空抛物", None),
        ("路面塌陷出一个大洞", None),
        ("没有路灯，今天有人摔伤", "120"),
    ],
)
def test_danger_is_an_emergency(text: str, line: Emergency | None) -> None:
    screening = screen(text)
    assert (screening.emergency, screening.grade_hint, screening.line) == (True, Grade.A, line)
    assert screening.words


@pytest.mark.parametrize(
    "text",
    [
        "没有漏电，就是不亮",
        "路灯杆有没有漏电请检查一下",
        "燃气灶打不着火",
        "车子打不着火，在路口停了一天",
        "请社区搞一次火灾逃生演练",
        "消防通道被占，万一着火怎么办",
        "担心发生火灾",
        "电动车楼道充电，存在火灾隐患",
        "没有人受伤，但车停在路上",
        "幸好无人受伤",
        "漏电的地方已经修好了",
        "着火已扑灭，想问怎么开证明",
        "去年我在这里发生交通事故",
        "路口经常发生交通事故，建议装红绿灯",
        "井盖没有丢，只是响",
        "小区有人养大狗不牵绳，怕咬到小孩",
        "感谢消防员及时扑灭火灾",
        "希望开展防溺水宣传",
        "噪声对我们造成严重伤害",
        "火锅店的油烟太大",
        "共享单车的轮胎漏气",
        "护栏被车撞歪了",
        "下班被车撞算不算工伤",
        "工厂的烟囱冒烟",
        "",
    ],
)
def test_danger_denied_feared_or_past_is_none(text: str) -> None:
    assert not screen(text).emergency


@pytest.mark.parametrize(
    "text",
    [
        "小区停水两天了",
        "一下雨就积水",
        "红绿灯坏了",
        "自来水发黄",
        "整栋楼没电",
        "电梯坏了三天",
        "这里经常停电",
        "路灯坏了半个月",
        "老板欠薪",
    ],
)
def test_outages_are_grade_b(text: str) -> None:
    assert (screen(text).grade_hint, screen(text).emergency) == (Grade.B, False)


def test_the_catalogues_own_phrases_are_screened_alike() -> None:
    phrases = [(item, phrase) for item in load_catalogue().items for phrase in item.phrases]
    dangers = [screen(phrase).emergency for item, phrase in phrases if item.emergency]
    harmless = [screen(phrase).emergency for item, phrase in phrases if item.grade is Grade.C]
    assert sum(dangers) / len(dangers) >= 0.85
    assert sum(harmless) / len(harmless) <= 0.01


def test_a_burst_main_goes_to_the_water_line() -> None:
    screening = screen("水管爆了，路上喷水")
    assert (screening.grade_hint, screening.line, screening.words) == (Grade.B, "water", ("水管爆", "喷水"))


def test_in_a_long_letter_only_present_harm_counts() -> None:
    story = "我是一名退休工人，" * (LONG_LETTER // 9) + "那天在厂里骨折，流血不止，至今没有说法。"
    assert not hazards(story)
    assert [hazard.words for hazard in hazards(story + "现在他昏迷了。")] == ["昏迷"]
    assert [hazard.line for hazard in hazards(story + "楼道电线裸露。")] == ["power"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投诉物业乱收费", "complaint"),
        ("工地半夜施工太吵，没法睡觉", "complaint"),
        ("楼下烧烤店油烟扰民，反映了好几次都没人管", "complaint"),
        ("感谢领导百忙之中看我的信，楼下烧烤店油烟扰民", "complaint"),
        ("我咨询了物业，物业推诿，没人管，小区脏乱", "complaint"),
        ("老板拖欠工资三个月不给", "complaint"),
        ("路灯坏了", "help"),
        ("希望尽快修好路灯，谢谢", "help"),
        ("家里老人生活困难，求助", "help"),
        ("你好", "help"),
        ("", "help"),
        ("请问社保怎么转移？", "question"),
        ("想咨询一下公租房申请条件是什么", "question"),
        ("新生儿落户需要什么材料", "question"),
        ("图书馆周末几点开门？", "question"),
        ("外地户口可以在这里领结婚证吗", "question"),
        ("党组织关系怎么转到社区", "question"),
        ("建议在坪山大道增设人行天桥", "suggestion"),
        ("希望能延长M391公交的运营时间", "suggestion"),
        ("能不能在公园加装几张座椅", "suggestion"),
        ("表扬社区工作人员小李热心服务", "thanks"),
        ("感谢交警帮我找回走失的孩子", "thanks"),
        ("谢谢环卫师傅及时清理，给他们点赞", "thanks"),
        ("举报某工厂夜里偷排污水", "report"),
        ("有人在出租屋聚众赌博", "report"),
        ("村干部虚报冒领补贴", "report"),
        ("楼下开了一家没有执照的诊所", "report"),
    ],
)
def test_what_a_request_is(text: str, expected: Property) -> None:
    assert screen(text).property == expected


def test_what_the_sender_called_it_stands_but_danger_is_danger() -> None:
    assert screen("路灯坏了", "complaint").property == "complaint"
    asked = screen("家里有燃气味怎么办", "question")
    assert (asked.property, asked.emergency) == ("question", True)
    assert screen("建议处理一下，电线杆倒了").property == "help"


@given(st.text(alphabet="着火没有漏电了，。请问感谢投诉井盖不见燃气味怕会 \n?", max_size=200))
def test_any_text_gets_a_screening(text: str) -> None:
    screening = screen(text)
    assert screening.emergency == (screening.grade_hint is Grade.A)
    assert all(words in text for words in screening.words)
