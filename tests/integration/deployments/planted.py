"""Made batches: good rows of every harmless oddness, and bad ones of known kinds at known places."""

import csv
import random
from collections.abc import Callable, Iterator
from pathlib import Path

HEADER = ("标题", "内容", "地点", "时间", "姓名", "电话", "性质", "编号")
MAPPING = (
    *("text=内容", "place=地点", "created_at=时间", "contact.name=姓名", "contact.phone=电话"),
    *("property=性质", "external_id=编号"),
)
COMMAND = tuple(part for mapping in MAPPING for part in ("--column", mapping))
TITLE, TEXT, PLACE, TIME, PHONE, PROPERTY, NUMBER = 0, 1, 2, 3, 5, 6, 7
THINGS = ("路灯不亮", "井盖缺失", "施工噪音扰民", "占道经营", "停水半天", "垃圾无人清运", "电梯困人", "公交班次太少")
PLACES = ("临江街道江畔社区", "云岭街道松涛社区", "新湖街道荷园新村", "示范区湖心公园北门", "渡口", "")
ODD = (
    "- {}，请处理",
    "{}😀，麻烦了",
    "电话１３８０，{}",
    "＋1：{}",
    "{}\n另有两处也是",
    "@物业：{}",
    "“{}”=老问题",
    "{}，5/8前能修好吗？",
)
TIMES = ("2026-03-01 08:30", "2026/3/1 8:30:05", "2026年3月1日", "2026-03-01T08:30:00+08:00", "")

Row = list[str]


def good(n: int, draw: random.Random) -> Row:
    """A row that must pass, however odd."""
    said = f"{draw.choice(PLACES[:4])}{n}号{draw.choice(THINGS)}"
    words = draw.choice(ODD).format(said) if n % 3 == 0 else f"{said}，请尽快派人处理。"
    phone = draw.choice(("13800138000", "0755-12345678", "+86 138 0013 8000", "１３８００１３８０００", "无", ""))
    kind = draw.choice(("投诉", "求助", "咨询", "建议", "感谢", "complaint", ""))
    return [f"来信{n}", words, draw.choice(PLACES), draw.choice(TIMES), "张伟", phone, kind, f"XF-{n:07d}"]


def _changed(place: int, *values: Callable[[str], str]) -> Callable[[Row, random.Random], None]:
    def change(row: Row, draw: random.Random) -> None:
        row[place] = draw.choice(values)(row[place])

    return change


FAULTS: dict[str, Callable[[Row, random.Random], None]] = {
    "garbled": _changed(
        TEXT,
        lambda words: words.encode().decode("gb18030", "replace"),
        lambda words: words.encode().decode("latin-1"),
        lambda words: words.encode("gb18030").decode("latin-1"),
        lambda words: words[:4] + "\ufffd\ufffd" + words[6:],
        lambda words: words[:4] + "锟斤拷" + words[6:],
    ),
    "too_early": _changed(TIME, lambda _: "1900-01-01", lambda _: "1900/1/1 0:00", lambda _: "1970年1月1日"),
    "future": _changed(TIME, lambda _: "2199-12-31 10:00", lambda _: "2999/1/1"),
    "unread_time": _changed(TIME, lambda _: "昨天下午", lambda _: "2026-13-45", lambda _: "0000-00-00 00:00:00"),
    "elsewhere": _changed(
        PLACE,
        lambda _: "北京市朝阳区建国路",
        lambda _: "福田区莲花街道",
        lambda _: "广州市天河区",
        lambda _: "上海 南京路",
    ),
    "missing": _changed(TEXT, lambda _: "", lambda _: "  \t "),
    "formula": _changed(
        TEXT,
        lambda _: "=cmd|' /C calc'!A0",
        lambda _: '=HYPERLINK("http://x.example","点我")',
        lambda _: "@SUM(1+1)*cmd|' /C calc'!A0",
        lambda _: "\t=1+2",
        lambda _: "-2+3+cmd|' /C calc'!A0",
        lambda _: '+IMPORTXML("http://x.example","//a")',
    ),
    "too_long": _changed(TEXT, lambda words: (words * (1 + 350_000 // len(words)))[:350_000]),  # a megabyte in UTF-8
    "too_short": _changed(TEXT, lambda _: "？？？！！", lambda _: "。", lambda _: "好", lambda _: "12345"),
    "ragged": lambda row, draw: row.extend(["多余", "的格"]),
    "phone": _changed(PHONE, lambda _: "请打 138", lambda _: "12", lambda _: "1380013800", lambda _: "abc"),
    "property": _changed(PROPERTY, lambda _: "谣言", lambda _: "urgent"),
    "control": _changed(TEXT, lambda words: words[:3] + "\x00" + words[3:], lambda words: "\x1b[31m" + words),
    "markup": _changed(
        TEXT, lambda words: f"<script>alert(1)</script>{words}", lambda _: "<img src=x onerror=alert(1)>"
    ),
    "doubled": _changed(NUMBER, lambda _: "XF-0000001"),
}


def planted(
    rows: int, bad: int, kinds: tuple[str, ...] = tuple(FAULTS), seed: int = 5
) -> Iterator[tuple[Row, str | None]]:
    """`rows` rows, of which `bad` are bad, as many of each kind; each with its kind. The first is good."""
    draw = random.Random(seed)
    places = dict(zip(draw.sample(range(1, rows), bad), (kinds[n % len(kinds)] for n in range(bad)), strict=True))
    for n in range(rows):
        row, kind = good(n + 1, draw), places.get(n)
        if kind is not None:
            FAULTS[kind](row, draw)
        yield row, kind


def write(path: Path, made: Iterator[tuple[Row, str | None]], encoding: str = "utf-8") -> dict[int, str]:
    """The file, row by row; answers the kind of each bad row by its number, as a spreadsheet counts."""
    told = {}
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, (row, kind) in enumerate(made, 2):
            writer.writerow(row)
            if kind is not None:
                told[number] = kind
    return told
