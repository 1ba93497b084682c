"""What a command fails at by itself."""

from collections.abc import Sequence


class CommandFailed(Exception):
    """A command cannot do what it was asked; the sentence says what to do. `lines` are shown under it, as they are."""

    def __init__(self, sentence: str, lines: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.lines = tuple(lines)
