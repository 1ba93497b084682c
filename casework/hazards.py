"""Words of danger and of outage in a request, told apart from danger denied, feared, past or rehearsed.

A table of patterns. Missing a fire costs more than a false alarm, so what is only likely (“可能漏电”) counts; what is
said not to be, to be prevented, supposed or long over does not. A long letter tells a story: there a person's harm
counts only where it is said to be now.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.items import Emergency
from catalog.policy import Grade


@dataclass(frozen=True, slots=True)
class Hazard:
    """The words found, the grade they suggest and the line (110, 119, … or a utility's) to refer to at once."""

    words: str
    grade: Grade
    line: Emergency | None


@dataclass(frozen=True, slots=True)
class _Row:
    grade: Grade
    line: Emergency | None
    regex: re.Pattern[str]


def _row(grade: Grade, line: Emergency | None, patterns: str) -> _Row:
    """One row; patterns stand between blanks."""
    return _Row(grade, line, re.compile("|".join(patterns.split())))


_FELL = "(?:坠落|掉落|脱落|掉下|掉到|砸下|砸到|砸人|往下掉|松动|悬在|摇摇欲坠)"
_COVER = "(?:井盖|盖板|雨水[篦箅]子)"
_SOMEBODY = "(?:人|老人|孩子|小孩|小朋友|儿童|学生|工人|工友|行人|员)"
_FAMILY = "(?:孩子|小孩|老人|老婆|老公|妻子|爸|妈|父亲|母亲|女儿|儿子|爷爷|奶奶|外公|外婆)"
_AWAY = "(?:走失|失踪|不见了|走丢|迷路|跑出去了|没有?回来|到现在没回|[一整]晚上?联系不上)"
_LINE = "(?:电线|电缆|高压线|线路|黑线)"
_GAS = "(?:燃气|煤气|天然气|液化气|瓦斯)"

ROWS = (
    _row(
        Grade.A,
        "gas",
        rf"""{_GAS}.{{0,8}}(?:味|泄[漏露]|漏气|漏了|在漏|爆炸|中毒|喷气|锈穿|[挖弄撞]破|[挖弄撞]断) 漏煤气
        (?<![胎球船])漏气 臭鸡蛋 {_GAS}?阀门.{{0,8}}在漏 关(?:燃气)?阀门.{{0,16}}味道""",
    ),
    _row(
        Grade.A,
        "119",
        rf"""着火 起火(?!锅) 失火 火灾 火警 山火 自燃 烧起来 火势 火光 浓烟 大火 (?<!烟囱)冒出?[黑浓]?烟 爆炸
        [困关]在.{{0,4}}(?:电梯|车里) 电梯.{{0,6}}困 {_SOMEBODY}.{{0,4}}被困
        (?:化学品|危化品|油罐).{{0,4}}泄[漏露] 火苗
        车被困 困在里面 {_SOMEBODY}.{{0,2}}出不来 一家.{{0,2}}口.{{0,3}}出不来 人在.{{0,1}}[拍敲](?:窗|玻璃) 被水[围冲]
        被冲进.{{0,2}}[河沟] 人抱着树""",
    ),
    _row(
        Grade.A,
        "120",
        rf"""触电 溺水 落水 [掉跌摔][进到下].{{0,4}}(?:河|湖|水库|井|沟|坑|水里) 中毒 昏迷 晕倒 昏倒 休克 抽搐
        吐血 不省人事 没有?呼吸 叫不醒 动不了 心脏病发 [胸心]口.{{0,2}}[疼痛] 大出血 流血 流了.{{0,3}}血 骨折
        临产 羊水 要生了 误[喝食服吞] 叫急救 急救车 救护车 (?<![严双])重伤(?!害)
        {_SOMEBODY}.{{0,4}}(?:受伤|摔伤|砸伤|烧伤|烫伤|伤亡|死亡)
        (?:同事|学生|小朋友|工人|客人).{{0,8}}(?:呕吐|腹痛|拉肚子) 吃坏了""",
    ),
    _row(
        Grade.A,
        "110",
        rf"""自杀 轻生 跳楼 不想活 [持拿]刀 砍人 捅人 抢劫 抢了?我 绑架 劫持 打架 打起来 斗殴 殴打 被打(?!击) 家暴
        打人 性侵 猥亵 拐卖 打(?:我|他|她)?{_FAMILY} 快报警 (?<![狗猫])走[丢失]了 拉扯.{{0,3}}(?:小孩|孩子)
        {_FAMILY}.{{0,16}}{_AWAY} 走[丢失]的?.{{0,3}}(?:老人|小孩|[男女]孩) (?:走出去|离家|出走).{{0,8}}没有?回来
        炮弹 手榴弹 雷管 自制的?枪 (?<!水)手枪 气枪打 [藏带].{{0,3}}枪 砍刀 带着.{{0,5}}长?刀 [拿持]着?.{{0,2}}钢管
        没人认领的?.{{0,3}}箱 往.{{0,4}}车里拖 喊救命 老人.{{0,2}}说不清家""",
    ),
    _row(
        Grade.A,
        "122",
        """车祸 交通事故 撞[了到倒伤死].{0,2}(?:人|小孩|小朋友|学生|老人)
        (?<![栏杆树灯栓亭牌桩])被.{0,6}车.{0,2}[撞碾轧剐刮] (?:人|我).{0,4}被.{0,6}撞 [翻追]车 侧翻 追尾 相撞
        肇事 碾[到压].{0,3}人 碾到""",
    ),
    _row(
        Grade.A,
        "power",
        rf"""漏电 {_LINE}.{{0,8}}(?:裸露|外露|断落|断了|[断掉]在|掉落|掉下|冒火|短路|垂|皮破)
        裸露.{{0,4}}(?:电线|电缆) 电线杆.{{0,5}}[倒断歪倾] 变压器.{{0,4}}[冒爆]
        电箱.{{0,6}}(?:冒|火花|敞开|没关|打开)""",
    ),
    _row(
        Grade.A,
        None,
        rf"""
        {_COVER}(?:(?!没有?[丢破坏塌翘松裂]|未|不[破坏翘松]).){{0,6}}(?:[缺丢破塌坏翘松断裂沉]|不见|没了|没有(?![丢破坏塌])|被偷|冲走)
        (?:缺|没有?|少了?|丢).{{0,4}}{_COVER}
        (?:窨井|下水井|沙井|检查井|污水井|井口).{{0,4}}(?:没盖|没有盖|无盖|敞|露天|缺盖) 高空(?:坠物|抛物|坠落)
        (?:外墙|墙皮|墙砖|瓷砖|玻璃|广告牌|招牌|空调外?机|树枝|大树|花盆|砖头|水泥|石头).{{0,8}}{_FELL} 坍塌
        塌陷 塌方 垮塌 倒塌 [会要]塌 塌了 地陷 承重墙 (?:路面|地面|马路|地砖).{{0,4}}(?:塌|下陷|沉陷|下沉)
        山体滑坡 泥石流 (?:树木?|围墙|围挡|脚手架|塔吊).{{0,3}}倒[了下伏塌]
        电梯.{{0,6}}(?:急坠|下坠|坠落|突然下降|夹人|夹到|掉到)""",
    ),
    _row(Grade.B, "water", """爆管 [水自].{0,3}管.{0,4}(?:爆|破|喷|断) [挖弄撞]断.{0,3}水管 喷水"""),
    _row(
        Grade.B,
        None,
        """停水 没有?水 断水 停电 没有?电(?!梯|话|视|脑|动) 断电 跳闸 停气 没气 断气 没有(?:燃气|天然气) 停暖
        暖气.{0,4}不热 水压 电压 (?:水质|自来水|水龙头).{0,8}(?:黄|浑|黑|异味|味道|渣)
        (?:红绿灯|信号灯|交通灯).{0,6}(?:坏|不亮|故障|失灵|不变|熄|灭|黑屏) 路灯.{0,10}(?:坏|不亮|故障|灭|黑)
        积水 内涝 水浸 倒灌 堵死 (?:严重|大)堵车 交通瘫痪
        (?:污水|粪水|下水道|化粪池|沙井).{0,6}(?:溢|冒|满|堵|横流) 排污 死鱼
        电梯.{0,8}(?:坏|停|故障|不动|不能用|用不了) 拖欠.{0,6}工资 欠薪 讨薪
        [狗犬](?:(?!从不|不).){0,6}咬[伤了人] 被.{0,6}[狗犬].{0,2}咬""",
    ),
)
OF_THE_MOMENT = frozenset({"110", "119", "120", "122"})
"""Rows of events: told of the past or as a habit they are no emergency; a bare wire or an open manhole still is."""

LONG_LETTER = 100
"""Characters. Of 4,881 letters to a provincial mailbox 6 % told of an injury, a fight or a fire; next to none
was one."""

NEAR = 24
"""Characters around a word in which its denial may stand: no text, however long, takes long to screen."""

_NOW = re.compile("现在|正在|刚才|刚刚|此刻|马上|紧急|快来|速来|急救|今晚|今早|今天|目前|眼下")
_CLAUSE = re.compile(r"[^，。；！？、,;!?\n]+")
_DENIED_BEFORE = re.compile(
    r"(?:没有?|未|无|不|并非|非|勿|别)(?:人|人员|任何|发生|发现|出现|造成|有|会|存在|再|是|引发|因此)*$"
    r"|(?:避免|防止|预防|以防|谨防|严防|杜绝|防范).{0,8}$|(?<!消)防$"
    r"|(?:万一|如果|要是|假如|倘若|一旦|会不会|担心|害怕|生怕|唯恐|怕(?!是)|险些|差点|差一点).{0,10}$"
    r"|(?:演练|演习|宣传|讲座|培训|电影|新闻|保险(?!丝)|知识).{0,6}$"
)
_NOT_NOW_BEFORE = re.compile(
    r"(?:(?:19|20)\d\d年|去年|前年|上次|以前|之前|曾经?|上个?月|几年前|多年前|早年|当年|小时候).{0,12}$"
    r"|(?:经常|多次|时常|每年|频繁|容易|极易|很易|易).{0,12}$"
)
_DENIED_AFTER = re.compile(
    r"^.{0,4}(?:隐患|风险|险(?!情)|演练|演习|宣传|培训|讲座|知识|预案|常识|赔偿|理赔|鉴定|.{0,4}工伤|报警器|探测|频发|自救|逃生|预防)"
    r"|^.{0,4}(?:已经?|都)?(?:被?扑灭|修好了|恢复了|解决了|排除了|处理好了)"
)


def hazards(text: str) -> tuple[Hazard, ...]:
    """The dangers and outages a text reports as present, gravest first, in the order of the table."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[Hazard]:
    clauses = _CLAUSE.findall(text)
    for row in ROWS:
        of_the_moment = row.line in OF_THE_MOMENT
        told = [clause for clause in clauses if _NOW.search(clause) or not of_the_moment or len(text) <= LONG_LETTER]
        for clause in told:
            for match in row.regex.finditer(clause):
                before = clause[max(match.start() - NEAR, 0) : match.start()]
                after = clause[match.end() : match.end() + NEAR]
                gone = of_the_moment and _NOT_NOW_BEFORE.search(before)
                if not (gone or _DENIED_BEFORE.search(before) or _DENIED_AFTER.search(after)):
                    yield Hazard(match[0], row.grade, row.line)
