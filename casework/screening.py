"""The quick pure screen at intake: property, likely grade and emergency, before anything is created.

It picks the queue and what happens in the first second; classification and grading decide later and may differ.
"""

import re
from dataclasses import dataclass

from casework.hazards import hazards
from catalog.items import Emergency, Property
from catalog.policy import Grade


@dataclass(frozen=True, slots=True)
class Screening:
    """What a first look says. `line` is where an emergency is referred to at once; `words` are what was found."""

    property: Property
    grade_hint: Grade
    emergency: bool
    line: Emergency | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sign:
    """A pattern that speaks for a property (or, with a negative weight, against it)."""

    property: Property
    weight: int
    regex: re.Pattern[str]


def _sign(property_: Property, weight: int, patterns: str) -> _Sign:
    """One sign; patterns stand between blanks."""
    return _Sign(property_, weight, re.compile("|".join(patterns.split())))


_TO_HAVE = "[增加扩新][设建装加派]|设[置立]|开[通放]|建设|优化|延长|规划|推广|改[为成]|调整|引进"
_TROUBLE = """投诉 举报 扰民 没人管 无人管 不作为 推诿 坏了 不亮 堵 漏 脏 臭 吵 噪音 拖欠 欠薪 乱停 占道 违建
违规 违法 积水 停水 停电 破损 骗"""
_TO_DO = "办理|申请|申领|查询|预约|领取|缴|交|报名|补办|开具|落户"

SIGNS = (
    _sign("thanks", 4, "表扬 锦旗 感谢信 点个?赞 致谢 特此感谢 表示(?:衷心)?的?感谢 为.{2,20}点赞"),
    _sign("thanks", 4, "(?:感谢|谢谢|多谢).{0,30}(?:帮|解决|及时|热心|辛苦|负责|修好|找到|找回|救|耐心|服务)"),
    _sign("thanks", -4, f"{_TROUBLE} 希望.{{0,12}}(?:处理|解决|整改|尽快) 请.{{0,8}}(?:处理|解决|核实|尽快) 百忙之中"),
    _sign("report", 4, "举报 检举 揭发"),
    _sign(
        "report",
        3,
        """受贿 贪污 行贿 吃拿卡要 索要?(?:红包|好处) 以权谋私 虚报冒领 套取 骗取.{0,4}(?:补贴|补助|资金|医保)
        偷税 漏税 偷排 传销 赌博 聚赌 赌档 卖淫 招嫖 色情 吸毒 卖毒 假冒 盗版 无证(?:行医|经营|办学|施工|无照)
        围标 串标 黑诊所 好处费 (?:没有|无).{0,4}(?:执照|资质|许可证|证照|执业证|营运证)
        非法(?:行医|经营|集资|倾倒|采砂)""",
    ),
    _sign("complaint", 4, "投诉"),
    _sign(
        "complaint",
        2,
        """扰民 没人管 无人管 不作为 推诿 态度(?:恶劣|很?差|不好) 太吵 噪音 恶臭 臭味 脏乱 乱停 乱扔 乱倒 乱收费
        违建 违章 违规 占道 霸占 强烈不满 拖欠 欠薪 不退 拒不 不给 强制 欺骗 虚假 忽悠 油烟 污染 侵占 一直没
        多次反映 屡次 反映了.{0,6}次 无果 敷衍""",
    ),
    _sign(
        "help",
        2,
        """求助 帮帮 帮忙 救 急需 求求 困难 走失 坏了 不亮 停水 停电 漏水 爆 堵了 缺失 掉 塌 倒了 积水 没水 没电
        断了 请.{0,6}(?:维修|修|清理|处理|派人|来人) 需要.{0,6}(?:维修|帮助|救助)""",
    ),
    _sign("question", 4, "请问 咨询(?![了过]) 想(?:问|了解) 问一?下"),
    _sign(
        "question",
        3,
        rf"""(?:怎么|怎样|如何|在哪|哪里|去哪)[里儿]?(?:可以|能)?(?:{_TO_DO})
        [要带](?:准备|提供|带|交)?(?:什么|哪些)(?:材料|资料|手续|条件) 有(?:什么|哪些)(?:政策|条件|补贴|要求)
        条件是什么 流程是 什么时候(?:开始|可以|能|开通|开放|发放|放) 多少钱 是多少 几点(?:上班|下班|开门)""",
    ),
    _sign(
        "question",
        2,
        r"""(?:怎么|如何|怎样)(?!没|不|一直|这么|还|突然|会|能) 在?哪[里个儿] 什么时候 多久 几[天年]
        可以.{0,10}吗 [能会].{0,12}吗 能不能(?:办|领|退|享受) 还[有需].{0,8}吗 要什么
        有没有.{0,10}(?:班|政策|补贴|活动)""",
    ),
    _sign(
        "question",
        2,
        r"""要不要 (?:需要|要|有)(?:满足|准备|具备)?(?:什么|哪些|多少) 什么(?:标准|条件|规定|流程|区别|好处)
        多少(?:天|岁|倍|人|户|业主|住户|年) 几(?:岁|倍|个月|类) 是什么(?:电话|热线|意思) [去到](?:哪|什么地方)""",
    ),
    _sign("question", 2, r"[吗呢][？?。]?\s*$"),
    _sign("question", 1, r"[？?]\s*$"),
    _sign("question", -3, _TROUBLE),
    _sign("suggestion", 4, "建议 提议 提个?意见"),
    _sign("suggestion", 3, f"(?:希望|能否|能不能|可否|可不可以|是否可以|呼吁|盼).{{0,14}}(?:{_TO_HAVE})"),
    _sign("suggestion", -2, "投诉 举报"),
)

_DEFAULT: Property = "help"
"""Who says only what is the matter asks for help: no path of its own, nothing held against anybody."""


def screen(text: str, property_given: Property | None = None) -> Screening:
    """A first look at a request's words. What the sender called it stands, except that danger is danger."""
    property_ = property_given or _property(text)
    found = () if property_ == "thanks" else hazards(text)
    grade = min((hazard.grade for hazard in found), default=Grade.C)
    emergency = grade is Grade.A
    if emergency and not property_given and property_ in ("question", "suggestion"):
        property_ = "help"
    return Screening(
        property=property_,
        grade_hint=grade,
        emergency=emergency,
        line=next((hazard.line for hazard in found if hazard.line), None),
        words=tuple(dict.fromkeys(hazard.words for hazard in found)),
    )


def _property(text: str) -> Property:
    weights: dict[Property, int] = {_DEFAULT: 1}
    for sign in SIGNS:
        if sign.regex.search(text):
            weights[sign.property] = weights.get(sign.property, 0) + sign.weight
    return max(weights, key=lambda each: weights[each])
