"""The life cycle drawn from its tables: Mermaid state diagrams and tables in Markdown."""

from casework.events import Kind
from casework.life_cycle import LIFE_CYCLE, OWNERSHIP_LIFE, PART_LIFE, Transition
from casework.states import ENDED, State
from catalog.texts import text

# Drawn elsewhere in the page, or in every state alike: they would hide the life itself.
LEFT_OUT = frozenset({Kind.PINNED, Kind.RUNG, Kind.NOTIFIED})


Table = tuple[Transition, ...]


def diagram(rows: Table) -> str:
    """Arrows between different states, one for each pair, labelled with the events that lead there."""
    labels: dict[tuple[State, State], dict[str, None]] = {}
    for row in rows:
        if row.next is not row.state and row.event not in LEFT_OUT:
            labels.setdefault((row.state, row.next), {})[_label(row)] = None
    states = [state for state in State if any(state in (row.state, row.next) for row in rows)]
    ends = [state for state in states if state is State.CLOSED or state in ENDED]
    lines = ["stateDiagram-v2", f"    [*] --> {rows[0].state}"]
    lines += [f"    {state} : {text(f'state.{state}')}" for state in states]
    lines += [f"    {a} --> {b} : {'<br/>'.join(words)}" for (a, b), words in labels.items()]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in ends)])


def table(rows: Table) -> str:
    """Every row of a table, in Markdown."""
    lines = ["| state | event | from | next | when |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
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
            *_drawn(LIFE_CYCLE),
            "",
            "Every row. The first that fits a state, an event and its condition is taken. A dispute, a whistle call or",
            "an ownership is open beside these states, and then the case shows `in_dispute`, `joint_handling` or",
            "`owned`, the last of them first.",
            "",
            table(LIFE_CYCLE),
            "",
            "## A called unit's part",
            "",
            "Its caller may excuse it as long as it is not done; the lead's part ends with the joint result as well.",
            "",
            *_drawn(PART_LIFE),
            "",
            table(PART_LIFE),
            "",
            "## An ownership",
            "",
            "What stands in the request's table as well is admitted where both tables have a row for it.",
            "",
            *_drawn(OWNERSHIP_LIFE),
            "",
            table(OWNERSHIP_LIFE),
            "",
        ]
    )


def _drawn(rows: Table) -> list[str]:
    return ["```mermaid", diagram(rows), "```"]


def _label(row: Transition) -> str:
    verdict = {"satisfied": "（满意）", "dissatisfied": "（不满意）"}.get(row.verdict, "")
    return text(f"event.{row.event}") + verdict


if __name__ == "__main__":
    print(page(), end="")  # the command behind `make life-cycle`
