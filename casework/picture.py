"""The life cycle drawn from its table: a Mermaid state diagram and a table in Markdown."""

from casework.case import State
from casework.events import Kind
from casework.life_cycle import LIFE_CYCLE, Transition
from catalog.texts import text

# Drawn elsewhere in the page, or in every state alike: they would hide the life itself.
LEFT_OUT = frozenset({Kind.PINNED, Kind.RUNG, Kind.NOTIFIED})


def diagram() -> str:
    """Arrows between different states, one for each pair, labelled with the events that lead there."""
    labels: dict[tuple[State, State], dict[str, None]] = {}
    for row in LIFE_CYCLE:
        if row.next is not row.state and row.event not in LEFT_OUT:
            labels.setdefault((row.state, row.next), {})[_label(row)] = None
    lines = ["stateDiagram-v2", f"    [*] --> {State.RECEIVED}"]
    lines += [f"    {state} : {text(f'state.{state}')}" for state in State]
    lines += [f"    {a} --> {b} : {'<br/>'.join(words)}" for (a, b), words in labels.items()]
    return "\n".join([*lines, f"    {State.CLOSED} --> [*]"])


def table() -> str:
    """Every row of the table, in Markdown."""
    lines = ["| state | event | from | next | when |", "| --- | --- | --- | --- | --- |"]
    for row in LIFE_CYCLE:
        who = ", ".join(sorted(row.who))
        when = "; ".join(word for word in (row.when, row.verdict) if word)
        lines.append(f"| `{row.state}` | `{row.event}` | {who} | `{row.next}` | {when} |")
    return "\n".join(lines)


def page() -> str:
    """``docs/life-cycle.md``, whole."""
    return "\n".join(
        [
            "# The life of a request",
            "",
            "Drawn from `casework/life_cycle.py`; `make life-cycle` draws it again, and a test compares.",
            "",
            "```mermaid",
            diagram(),
            "```",
            "",
            "Every row. The first that fits a state, an event and its condition is taken.",
            "",
            table(),
            "",
        ]
    )


def _label(row: Transition) -> str:
    verdict = {"satisfied": "（满意）", "dissatisfied": "（不满意）"}.get(row.verdict, "")
    return text(f"event.{row.event}") + verdict


if __name__ == "__main__":
    print(page(), end="")  # the command behind `make life-cycle`
