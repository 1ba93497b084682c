"""Which units a complaint is about, told from units that are asked to act and from places of their names."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import DISPATCHER, SYSTEM, Life, after

from casework.errors import BadAct
from casework.events import Actor, Kind, Role
from casework.recusing import recused
from catalog.districts import District
from catalog.loading import load_catalogue, load_district
from catalog.policy import Policy

DISTRICTS = Path(__file__).parents[3] / "deployments" / "districts"
PLAIN = Policy(calendar="none", quiet_hours=None)


@cache
def demo() -> District:
    return load_district(DISTRICTS / "demo.yaml", load_catalogue())


ABOUT = {
    "投诉城管局不作为，楼下烧烤摊半年没人管": ("urban-management",),
    "我要投诉临江街道办事处工作人员态度恶劣": ("street-linjiang",),
    "投诉区市场监督管理局推诿，说不归他们管": ("market",),
    "举报城管局执法人员吃拿卡要": ("urban-management",),
    "住建局和城管局互相推诿，装修噪音投诉了两个月": ("construction", "urban-management"),
    "云岭街道不作为，违建越盖越高": ("street-yunling",),
    "新湖街道办窗口人员态度很差，让我跑了三趟": ("street-xinhu",),
    "环保局敷衍群众，来了看一眼就走": ("eco-water",),
    "供电局客服态度差，电话还没人接": ("utilities",),
    "自来水公司乱收费，水费翻了三倍": ("utilities",),
    "交警大队选择性执法，别的车停着不贴条": ("police",),
    "我被城管局队员殴打，要求赔偿": ("urban-management",),
    "对教育局的答复非常不满": ("livelihood",),
    "对住建局的处理结果不满，房子还是漏": ("construction",),
    "举报公安分局民警王某收受红包": ("police",),
    "投诉市场监管局。": ("market",),
    "请严肃查处城管局不作为": ("urban-management",),
    "多次向城管局反映，城管局置之不理": ("urban-management",),
    "针对人社局工作人员的态度投诉": ("livelihood",),
    "临江街道综合执法队暴力执法，掀翻了我的摊子": ("team-linjiang",),
    "燃气公司迟迟不处理，楼道里的表坏了一个月": ("utilities",),
    "临江街道工作人员乱收费，办证要五十块": ("street-linjiang",),
    "投诉卫健局的领导以权谋私": ("livelihood",),
}
NOT_ABOUT = (
    "临江街道江畔社区楼下烧烤摊油烟扰民，请城管局处理",
    "希望城管局不要推诿，尽快处理占道经营",
    "请环保局查处工厂乱排污水",
    "投诉临江街道滨河路的占道经营",
    "投诉云岭街道松涛社区工地夜间施工噪音",
    "临江街道停车场乱收费，一小时二十元",
    "临江街道乱收费的停车场太多",
    "请问城管局不作为该去哪里投诉",
    "物业不作为，小区垃圾没人清，希望住建局管一管",
    "请教育局查一下培训机构乱收费",
    "公安分局门口的路灯坏了",
    "我向城管局投诉过乱摆卖，后来解决了，谢谢",
    "之前投诉城管局，已经解决，这次是另一件事",
    "感谢城管局工作人员态度热情",
    "商家态度恶劣，市场监管局能不能管",
    "新湖街道荷园社区电动车上楼充电",
    "建议交警大队在路口增设信号灯",
    "如果城管局再不作为我就去信访",
    "不是城管局不作为，是商户屡教不改",
    "老板拖欠工资，已到人社局登记",
    "学校食堂饭菜差，老师态度差",
    "云岭街道垃圾桶满了没人清运",
    "投诉楼上邻居态度恶劣，半夜放音乐",
    "希望供电局尽快抢修，停电三个小时了",
)


@pytest.mark.parametrize("words", ABOUT, ids=str)
def test_a_unit_that_is_blamed_is_found(words: str) -> None:
    assert recused(demo(), words) == ABOUT[words]


@pytest.mark.parametrize("words", NOT_ABOUT, ids=str)
def test_a_unit_that_is_asked_or_only_named_is_not(words: str) -> None:
    assert recused(demo(), words) == ()


@given(st.text(alphabet="投诉举报城管局临江街道不作为态度差请的，。和对被", max_size=40))
def test_whatever_is_written_only_units_of_the_district_are_named(words: str) -> None:
    assert all(demo().has_unit(code) for code in recused(demo(), words))


def test_a_long_letter_is_read_quickly() -> None:
    assert recused(demo(), "城管局和住建局的工作人员、" * 1500) == ()


# What follows from it


def about_cg() -> Life:
    life = Life.begun(PLAIN, recused=["cg"])
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.9, candidates=[])
    life.act(Kind.GRADED, grade="C")
    return life


def test_the_intake_says_whom_a_complaint_is_about() -> None:
    assert about_cg().case.recused == ("cg",)
    assert Life.begun(PLAIN).case.recused == ()


@pytest.mark.parametrize("actor", [SYSTEM, DISPATCHER])
def test_it_is_not_sent_to_that_unit(actor: Actor) -> None:
    with pytest.raises(BadAct, match="回避"):
        about_cg().act(Kind.ASSIGNED, actor, unit="cg")


def test_nor_delegated_nor_is_the_unit_called_nor_ruled_to_have_it() -> None:
    life = about_cg()
    life.act(Kind.ASSIGNED, unit="sw")
    life.notified().handled()
    task = life.case.task
    assert task is not None
    with pytest.raises(BadAct, match=r"^to: .*回避"):
        life.act(Kind.DELEGATED, DISPATCHER, after(9), to="cg", task_id=task.task_id)
    with pytest.raises(BadAct, match=r"^units: .*回避"):
        life.act(Kind.WHISTLED, DISPATCHER, after(9), units=["sw", "cg"], lead="sw", reason="x", caller="dispatcher")
    life.unit(Kind.DECLINED, 10, reason="不归我们", proposed_unit="hb")
    life.act(Kind.REFUSED, DISPATCHER, after(11), reason="归你们")
    life.unit(Kind.DECLINED, 12, reason="不归我们", proposed_unit="hb")
    with pytest.raises(BadAct, match=r"^unit: .*回避"):
        life.act(Kind.RULED, Actor(Role.ADJUDICATOR, "bb"), after(13), unit="cg", reason="归你们")
