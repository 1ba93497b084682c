"""Which module scores which task. One that is added here is offered by the command."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from catalog.texts import text
from deployments.errors import CommandFailed
from deployments.evaluating import assignment, classification, duplicates
from deployments.evaluating.asked import Asked
from deployments.office import Office


class Task(StrEnum):
    """What can be asked for (CONTRACT, Commands)."""

    CLASSIFICATION = "classification"
    ASSIGNMENT = "assignment"
    DUPLICATES = "duplicates"
    BURSTS = "bursts"


Scored = Callable[[Office, Asked], Awaitable[dict[str, Any]]]
Lines = Callable[[Mapping[str, Any]], Iterator[str]]

TASKS: Mapping[Task, tuple[Scored, Lines]] = {
    Task.CLASSIFICATION: (classification.score, classification.lines),
    Task.ASSIGNMENT: (assignment.score, assignment.lines),
    Task.DUPLICATES: (duplicates.score, duplicates.lines),
}


async def score(task: Task, office: Office, asked: Asked) -> dict[str, Any]:
    """The task's document. Raises `CommandFailed` for a task that is not there, and what its module raises."""
    return await _of(task)[0](office, asked)


def lines(task: Task, document: Mapping[str, Any]) -> Iterator[str]:
    """The document to read."""
    return _of(task)[1](document)


def _of(task: Task) -> tuple[Scored, Lines]:
    if task not in TASKS:
        known = "、".join(each.value for each in TASKS)
        raise CommandFailed(text("evaluate.no_task", task=task.value, known=known))
    return TASKS[task]
