"""What an evaluation is asked for."""

from dataclasses import dataclass, field
from pathlib import Path

from deployments.labelled_file import LabelledColumns


@dataclass(frozen=True, slots=True)
class Asked:
    """A file to be scored for a district; `train`: the only file to learn from, else the model in use is scored.

    `pairs`: which two of the file's messages are the same matter, and which are not, by hand.
    """

    file: Path
    district: str
    train: Path | None = None
    columns: LabelledColumns = field(default_factory=LabelledColumns)
    pairs: Path | None = None
