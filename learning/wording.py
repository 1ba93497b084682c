"""A request's wording as features: the characters and pairs of characters of its Chinese, without filler."""

import re
import unicodedata
from collections.abc import Iterator

_MASKS = re.compile("【[^】]{1,8}】")
_NOT_WORDS = re.compile("[^\u4e00-\u9fffa-z]+")
_FILLER = re.compile("您好|你好|尊敬的?|领导|麻烦|尽快|有关部门|相关部门|(?:多谢|谢谢)(?:您|你|了|啦)?$")


def segments(text: str) -> tuple[str, ...]:
    """Runs of Chinese characters and Latin letters; digits, punctuation, masks and polite filler are cut out."""
    plain = _MASKS.sub(" ", unicodedata.normalize("NFKC", text)).lower()
    return tuple(_FILLER.sub(" ", _NOT_WORDS.sub(" ", plain).strip()).split())


def pairs(segment: str) -> tuple[str, ...]:
    """Its pairs of neighbouring characters, in order."""
    return tuple(segment[n : n + 2] for n in range(len(segment) - 1))


def grams(text: str) -> list[str]:
    """Single characters and pairs, which do better on short Chinese texts than with triples added."""
    return list(_grams(text))


def _grams(text: str) -> Iterator[str]:
    for segment in segments(text):
        yield from segment
        yield from pairs(segment)


def without_place(text: str, place: str) -> str:
    """The text without the words of its place: where something is says little about what it is."""
    for part in re.split(r"[\s,，、;；]+", place):
        if len(part) > 1:
            text = text.replace(part, " ")
    return text
