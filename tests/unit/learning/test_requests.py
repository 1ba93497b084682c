"""The real catalogue on requests that are not among its phrases: right items, honest confidence."""

import pytest

from catalog.items import Catalogue
from catalog.policy import Policy
from learning.classifier import Classifier, kin

THRESHOLD = Policy().confidence_threshold

# Each request with the items (SZ-…) that a dispatcher would accept, written without the phrases at hand.
REQUESTS = """
我家楼下有股很重的煤气味，已经持续半个小时了，麻烦派人看一下 = 0101
竹坑社区旁边那个楼盘晚上一点多还在浇混凝土，吵得孩子哭 = 0301
每天晚上七点到十点楼下一群阿姨放音响跳舞，声音特别大，老人心脏受不了 = 0303 0316
我家楼下新开了一家烧烤店，烟都往我家窗户里飘，能不能管管 = 0304
坪山河靠近坪环工业城那一段水是黑的，很臭 = 0307
和平路的路灯从昨天晚上开始一排都不亮，下班走路很害怕 = 0602
人行道地砖翘起来好多块，我妈昨天绊了一跤 = 0604 0631
深汕路辅道有个大坑，骑电动车差点摔了 = 0604
小区门口的下水道井盖没了，就用个树枝插着 = 0601
一下大雨中山大道就淹水，车都熄火了 = 0309
垃圾桶满了三天没人来收，苍蝇到处飞 = 0501
有人在绿化带里倒建筑垃圾，好几车 = 0504 0517
路边烧烤摊占满人行道，走路都走不了 = 0502 0525
共享单车把地铁口堵得水泄不通 = 0505 0532
我们楼顶有人加盖铁皮房，是不是违建 = 0401 0414 0410
小区物业费涨了但是服务越来越差，保安都没有 = 1701 1702 1719
电梯三天两头坏，昨天还把人关里面了 = 0114
业委会换届选举造假，求街道介入 = 1703 1727
房子漏水，楼上邻居不肯修 = 0205 0403 1704 0239
申请公租房轮候到几号了怎么查 = 0408
公司三个月没发工资了，老板电话也不接 = 0801 0809
被公司无故辞退，没有给赔偿 = 0802 0816
社保断了两个月怎么补缴 = 0804 0832
孩子明年上一年级，深户租房积分怎么算 = 1101 1109
小区旁边的培训机构突然关门跑路，学费退不回来 = 1104 1140
在社康打疫苗要排多久，怎么预约 = 1107 1708 1160 1159 1151
医院收费乱开检查，一个感冒花了两千多 = 1105 1149
超市买到过期牛奶，店家不肯退 = 0902 0913
餐馆后厨有老鼠，吃完拉肚子 = 0902 0901 0912
健身房办卡后倒闭了，退钱没人理 = 0906 0934 0935
网上买的手机是翻新机，商家不退款 = 0906 0907 0936
停车场一小时收20块，没有明码标价 = 0704 0905 0728 0932
消防通道天天被私家车堵住 = 0103
楼道里停满电动车还飞线充电 = 0105
路口红绿灯不亮了，车都乱走 = 0603
校门口放学的时候车乱停，堵得一塌糊涂 = 0505 0113
M391公交等了五十分钟都不来 = 0701 0709
网约车司机绕路还骂人 = 0705 0731
希望在坪山高中门口设个斑马线 = 0113 0609 0721
家里从早上停电到现在，啥时候来电 = 0605
自来水出来是黄的，还有泥沙 = 0311
整个村今天都没水，也没通知 = 0310
宽带坏了一个礼拜，电信师傅一直不上门 = 0611 0662
低保怎么申请，我家老人没有收入 = 1501 1508
八十岁老人的高龄津贴这个月没到账 = 1502 1516
残疾证到期了去哪里换 = 1504 1532
退伍军人的补助一直没发下来 = 1503
身份证丢了怎么补，可以异地办吗 = 0206 0224
想把户口从老家迁过来需要什么条件 = 0206
有人冒充公安打电话骗了我妈五万块 = 0203 0213
出租屋里有人聚众打牌赌钱 = 0204 0214
楼下遛狗不牵绳，差点咬到我儿子 = 0510 0562
隔壁邻居半夜打孩子，哭得很惨 = 1303 0201
树枝伸到我家窗户了，台风天会砸玻璃 = 0508
公园的滑滑梯坏了，露出铁钉 = 0608 0655
图书馆什么时候恢复开放 = 1001
文化馆的免费课程怎么报名 = 1002 1013
我要举报社区干部收红包 = 1403
旧村拆迁补偿标准不公平 = 0405 0431
老板说要查营业执照怎么办理 = 0909
政务中心办事排队三个小时，窗口人员态度很差 = 1401
老鼠蟑螂太多了，社区能不能来消杀一下 = 0509 1708 0560
路边有只死狗好几天了，臭得很 = 0503 0510 0520
白蚁把门都蛀空了 = 0509 0559
工厂里粉尘很大也没给我们发口罩 = 0803 0826
边坡上的石头往下掉，下雨天很吓人 = 0109
二楼阳台外面的电线垂下来快碰到人了 = 0106
工地塔吊吊着钢筋从我们头顶过，也没人管 = 0111
楼上往下扔烟头，把我家晾的被子烧了个洞 = 0107
老房子墙上裂了一道大口子，手都能伸进去 = 0108
我爸突然胸口疼倒在地上，叫不醒 = 0202
昨晚停在楼下的电动车被偷了 = 0203
一套三室一厅隔成了八间出租，天天人来人往 = 0207
朋友借了我八万块钱不还，打官司要去哪里 = 0208
酒吧音乐放到凌晨，报警也没用 = 0302
旁边的塑料厂晚上排一种刺鼻的气味，嗓子都疼 = 0305
化粪池满了，粪水流到一楼门口 = 0308 0653
六楼水压太小，洗澡都出不来水 = 0310
我家隔壁拆了承重墙装修 = 0402
新房收楼才半年，墙皮就鼓包掉灰，开发商不修 = 0403
开发商说去年交房，到现在都没交楼 = 0404
房产证什么时候可以办下来 = 0407 0450
马路上落叶和纸屑好几天没人扫 = 0503
电线杆上贴满了开锁办证的小广告 = 0506 0546
小区绿化带的草长得比人高，没人修剪 = 0508
空地上有人烧垃圾，黑烟呛死人 = 0511
打不着火了，是不是停气了 = 0606
人民公园附近连个公共厕所都没有 = 0607 0650
路中间的隔离栏被撞倒了一直没扶起来 = 0609 0622
公交站连个遮雨的棚都没有 = 0610
早晚高峰这个路口左转灯太短，每次要等三个红灯 = 0703 0720
出租车拒载，看到我要去坪地就开走了 = 0705
修地铁的围挡把路占了一半，什么时候撤 = 0708 0702 0718
厂里每天上班十二个小时，周末也不让休息 = 0803
上班时手被机器压断了，老板不肯报工伤 = 0805 0840
中介收了我五百块介绍费，工作是假的 = 0807 0846
药店卖给我过期的感冒药 = 0903 0919
小区门口那家店没有营业执照就在卖熟食 = 0904 0902 0924
理发店骗我妈充了五千块的卡，说能治白发 = 0906 0908 0935 0933
网吧让未成年人进去上网 = 1003 0925 1017
中学老师周末在家里收费补课 = 1102 1104 1103 1122
幼儿园突然涨价，还要收什么材料费 = 1103 1137
小区旁边有人没有执照给人拔牙 = 1106 1155
生二胎的生育津贴多久能到账 = 1108 0804 0836
人才引进补贴申请提交三个月了还没审核 = 1202 1211
我想报名当志愿者 = 1302 1311
妇女被丈夫打了可以找谁帮忙 = 1303 0201
城管执法时把我的三轮车扣了，也不给单据 = 1404 1429
结婚登记可以在网上预约吗 = 1506 1541
桥洞下面睡着一个流浪老人，天冷了怪可怜的 = 1505
小区停车费从两百涨到四百，没征求业主意见 = 1702 1723
楼道里堆满了邻居的鞋柜和纸箱 = 1705
老楼没有电梯，想加装一部怎么走程序 = 1707 1750 1749
想在小区车位装充电桩，物业不给开证明 = 1706 1746
给坪山交警点个赞，帮我把丢的包找回来了 = 1802
i深圳上预约一直报错，提交不了 = 1808
"""
VAGUE = """
你好
帮帮我
???
在吗
有人吗
请问一下
我要投诉
没人管
怎么办啊
太差了
尽快处理
谢谢
测试
aaaa
123456
Hello, I would like to complain about something.
The quick brown fox jumps over the lazy dog
他推开门，月光洒在地板上，像一层薄薄的霜。
庄周梦见自己变成蝴蝶，醒来不知是谁。
今天天气不错，适合出去散步
床前明月光，疑是地上霜
我觉得人生就像一场旅行
请领导重视，还我们一个公道
这件事情已经反映很多次了，希望能尽快给个说法
我有个问题想反映
附近的那个东西坏了
哈哈哈哈哈
夜里她独自坐在窗前，想起许多年前的那个夏天
股票今天涨停了
怎么学习编程
番茄炒蛋怎么做好吃
地球到月亮有多远
"""


@pytest.fixture(scope="module")
def requests() -> list[tuple[str, set[str]]]:
    lines = [line.split(" = ") for line in REQUESTS.strip().splitlines()]
    return [(text, {f"SZ-{code}" for code in codes.split()}) for text, codes in lines]


def test_the_requests_are_not_the_phrases(requests: list[tuple[str, set[str]]], catalogue: Catalogue) -> None:
    phrases = {phrase for item in catalogue.items for phrase in item.phrases}
    assert len(requests) > 100
    assert not phrases & {text for text, _ in requests}
    assert not {code for _, codes in requests for code in codes} - {item.code for item in catalogue.items}


@pytest.fixture(scope="module")
def right(requests: list[tuple[str, set[str]]], catalogue: Catalogue) -> list[tuple[str, set[str]]]:
    """The requests with the items that are right, those among them that are followed by the same as a listed one."""
    items = [item.code for item in catalogue.items]
    number = dict(zip(items, map(int, kin(items, catalogue)), strict=True))
    return [
        (text, {item for item in items if number[item] in {number[code] for code in codes}}) for text, codes in requests
    ]


def test_most_requests_get_their_item(right: list[tuple[str, set[str]]], classifier: Classifier) -> None:
    judged = [(classifier.classify(text), codes) for text, codes in right]
    first = [classification.item in codes for classification, codes in judged]
    three = [bool(codes & {each.item for each in classification.candidates}) for classification, codes in judged]
    assert sum(first) / len(first) >= 0.92
    assert sum(three) / len(three) >= 0.97


def test_most_requests_go_straight_and_rightly(right: list[tuple[str, set[str]]], classifier: Classifier) -> None:
    judged = [(classifier.classify(text), codes) for text, codes in right]
    straight = [item.item in codes for item, codes in judged if item.confidence >= THRESHOLD]
    assert len(straight) / len(judged) >= 0.8
    assert sum(straight) / len(straight) >= 0.97


def test_vague_words_wait_for_a_dispatcher(classifier: Classifier) -> None:
    texts = VAGUE.strip().splitlines()
    straight = [text for text in texts if classifier.classify(text).confidence >= THRESHOLD]
    assert len(texts) > 30
    assert len(straight) <= 1, straight
