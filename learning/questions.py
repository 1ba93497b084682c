"""A question's wording as features: what it is about, without the words that only make it a question."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from learning.wording import grams

_ASKING = re.compile(
    "请问一?下?|想[请]?问一?下?|我想|咨询一?下?|你好|您好|怎么样|怎么[办走填写]?|怎样|如何|哪[里儿个些]|[去在到]哪"
    "|(?:要|需要|应该|可以)?(?:准备|提供|带|交)?(?:什么|哪些)(?:材料|资料|手续|证件|东西)?|是什么|什么|有没有|能不能"
    "|可不可以|是不是|多少钱|多少|多久|多长时间|几[天年]|需要|可以|[吗呢呀啊么]$|[？?]"
)


def subject(text: str) -> list[str]:
    """Characters and pairs of what is asked about."""
    return grams(_ASKING.sub(" ", text))


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as weights of the grams that are known (by column). With the grams never heard its length is 1."""

    columns: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]


def worded(text: str, vectorizer: TfidfVectorizer) -> Wording:
    """TF-IDF, as the vectorizer has it but that a gram never heard counts for its part, as one of the rarest."""
    counts = Counter(subject(text))
    known = {gram: n for gram, n in counts.items() if gram in vectorizer.vocabulary_}
    columns = np.array([vectorizer.vocabulary_[gram] for gram in known], dtype=np.int64)
    weights = (1 + np.log(np.array(list(known.values()), dtype=np.float64))) * vectorizer.idf_[columns]
    unheard = np.array([n for gram, n in counts.items() if gram not in known], dtype=np.float64)
    whole = np.sqrt((weights**2).sum() + ((1 + np.log(unheard)) ** 2).sum() * vectorizer.idf_.max() ** 2)
    return Wording(columns, weights / whole if whole else weights)
