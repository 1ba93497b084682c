"""Questions about one matter, told apart by nothing but their wording."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from learning.questions import subject

ALIKE = 0.5
"""The cosine from which two questions are taken for one."""


def alike(texts: Sequence[str]) -> list[list[int]]:
    """Places of texts that ask the same, the largest group first. Each text joins the first group it is like."""
    known = [n for n, words in enumerate(texts) if subject(words)]
    if not known:
        return [[n] for n in range(len(texts))]
    matrix = TfidfVectorizer(analyzer=subject, sublinear_tf=True).fit_transform([texts[n] for n in known])
    similar = np.asarray((matrix @ matrix.T).todense())
    groups: list[list[int]] = []  # of places in `known`; the first stands for the group
    for n in range(len(known)):
        home = next((group for group in groups if similar[group[0], n] >= ALIKE), None)
        if home is None:
            groups.append([n])
        else:
            home.append(n)
    alone = [[n] for n, words in enumerate(texts) if not subject(words)]
    return sorted([*([known[n] for n in group] for group in groups), *alone], key=lambda group: -len(group))
