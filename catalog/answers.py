"""The knowledge base (知识库): what citizens ask in general, and what a district answers at once."""

import hashlib
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=60)]


class Answer(BaseModel):
    """One entry. `phrasings` are the question in other words; `source` is shown to whoever asked.

    `item`: the code of the catalogue's item that is nearest. `valid_until`: the last day (Asia/Shanghai) on which the
    answer is given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    question: Line
    phrasings: tuple[Line, ...] = Field(min_length=3, max_length=30)
    answer: str = Field(min_length=10, max_length=400)
    source: str = Field(min_length=2, max_length=100)
    item: str | None = None
    valid_until: date | None = None

    @property
    def version(self) -> str:
        """Which words were given: another answer or source is another version."""
        return hashlib.sha256(f"{self.answer}\n{self.source}".encode()).hexdigest()[:8]

    @property
    def spoken(self) -> tuple[str, ...]:
        """Every way in which it is asked."""
        return (self.question, *self.phrasings)

    def valid(self, today: date) -> bool:
        return self.valid_until is None or today <= self.valid_until


class KnowledgeBase(BaseModel):
    """The answers of one district: everybody's and its own, of which one with the same id goes before everybody's."""

    model_config = ConfigDict(frozen=True)

    answers: tuple[Answer, ...]

    def with_own(self, own: tuple[Answer, ...]) -> "KnowledgeBase":
        """The same with a district's own answers."""
        instead = {each.id for each in own}
        return KnowledgeBase(answers=(*(each for each in self.answers if each.id not in instead), *own))
