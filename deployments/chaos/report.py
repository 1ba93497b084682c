"""What the kills did: figures, and one sentence for each promise that was not kept. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.texts import text
from deployments.chaos.answers import Answers
from deployments.chaos.kills import PARTS, Kill
from deployments.chaos.post import Post
from deployments.chaos.record import Record

NAMED = 5
"""So many of a kind are named in a sentence, the others counted."""


@dataclass(frozen=True, slots=True)
class ChaosReport:
    """`requests` were to be sent; `verified` is the document of `huiyin verify`."""

    seed: int
    planned: int
    kills: Sequence[Kill]
    requests: int
    seconds: float
    post: Post
    answers: Answers
    record: Record
    verified: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> list[str]:
        return [*self._kills_left(), *self._lost(), *self._messages_wrong(), *self._found()]

    def document(self) -> dict[str, Any]:
        """The answer as JSON."""
        parts = Counter(part for kill in self.kills for part in kill.parts)
        return {
            "ok": self.ok,
            "seed": self.seed,
            "kills": {
                "moments": len(self.kills),
                "together": sum(len(kill.parts) > 1 for kill in self.kills),
                **{part: parts[part] for part in PARTS},
            },
            "requests": self.requests,
            "confirmed": len(self.answers.confirmed),
            "cases": len(self.record.states),
            "closed": self.record.closed,
            "verify": {"ok": self.verified["ok"], "findings": self.verified["findings"]},
            "webhooks": {
                "sent": len(self._sent),
                "received": self.post.received,
                "ids": len(self.post.ids),
                "doubled": len(self.post.doubled),
            },
            "acts": {kind: self.answers.acts[kind] for kind in ("accepted", "duplicate", "refused")},
            "seconds": round(self.seconds, 1),
            "problems": self.problems,
        }

    @property
    def _sent(self) -> set[str]:
        return {key for key, state in self.record.messages.items() if state == "sent"}

    def _kills_left(self) -> Iterator[str]:
        if len(self.kills) < self.planned:
            yield text("chaos.problem.kills", n=len(self.kills), planned=self.planned)

    def _lost(self) -> Iterator[str]:
        if len(self.answers.confirmed) < self.requests:
            yield text("chaos.problem.unanswered", n=len(self.answers.confirmed), total=self.requests)
        if len(self.record.states) > self.requests:
            yield text("chaos.problem.twice", cases=len(self.record.states), total=self.requests)
        open_ones = [case_no for case_no, state in self.record.states.items() if state != "closed"]
        yield from _told("lost", self.answers.confirmed - self.record.states.keys())
        yield from _told("open", open_ones)
        yield from _told("act_lost", self.answers.taken - self.record.inbox)

    def _messages_wrong(self) -> Iterator[str]:
        owed = [key for key, state in self.record.messages.items() if state not in ("sent", "dropped")]
        yield from _told("owed", owed)
        yield from _told("never_came", self._sent - set(self.post.ids))
        yield from _told("unknown", set(self.post.ids) - self.record.messages.keys())
        yield from _told("ambiguous", self.post.ambiguous)
        yield from _told("doubled", [f"{each.case_no} {each.type}" for each in self.post.doubled])

    def _found(self) -> Iterator[str]:
        yield from (each["finding"] for each in self.verified["findings"])


def _told(key: str, which: Collection[str]) -> Iterator[str]:
    if which:
        named = "、".join(sorted(which)[:NAMED])
        yield text(f"chaos.problem.{key}", n=len(which), which=named)
