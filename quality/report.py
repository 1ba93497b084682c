"""What a checkpoint found, as people and programs read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quality.findings import Finding


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one checkpoint; `counts` says what was judged, `docs` where its pages are, if it has any."""

    suite: str
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    docs: Path | None

    @property
    def ok(self) -> bool:
        return not self.findings

    def document(self) -> dict[str, Any]:
        return {
            "suite": self.suite,
            "ok": self.ok,
            **self.counts,
            "findings": [finding.document() for finding in self.findings],
            "docs": str(self.docs / "index.html") if self.docs else None,
        }
