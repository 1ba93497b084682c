"""Labelled texts made by rule: each label has words of its own among words that all share."""

import random

from learning.history import Told

WORDS = {
    "路灯": ("路灯", "灯杆", "照明", "不亮", "漆黑"),
    "噪声": ("打桩", "噪音", "吵闹", "半夜", "机器"),
    "欠薪": ("工资", "老板", "讨薪", "加班", "包工头"),
}
SHARED = ("我们小区", "请尽快", "希望处理", "好几天", "没人管", "打过电话", "附近居民", "昨天")


def told(n: int = 120, seed: int = 0, noise: float = 0.1) -> list[Told]:
    """A share of `noise` has words of another label."""
    chance = random.Random(seed)
    return [_one(chance, noise) for _ in range(n)]


def _one(chance: random.Random, noise: float) -> Told:
    label = chance.choice(list(WORDS))
    spoken = chance.choice(list(WORDS)) if chance.random() < noise else label
    words = [*chance.sample(SHARED, 3), *chance.sample(WORDS[spoken], 2)]
    chance.shuffle(words)
    return Told(("，".join(words),), label)
