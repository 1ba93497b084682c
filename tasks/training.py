"""A district's model learnt anew from labelled history, corrections and the catalogue; put in use if better."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalog.items import Catalogue
from learning.history import Told
from learning.in_use import ModelsInUse
from learning.item_history import Trial, history_of, items_of, try_history, unlearnt
from learning.promotion import FEWEST, Decision, Verdict
from ledger.labelled import Labelled
from ledger.ledger import Ledger

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a training came to: `trial` is None where nothing was learnt, `file` where nothing was put in use."""

    decision: Decision
    labelled: int
    corrections: int
    trial: Trial | None = None
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """Where models are learnt and kept. All computing is done in a thread: whoever awaits goes on meanwhile."""

    ledger: Ledger
    catalogue: Catalogue
    models: ModelsInUse
    folder: Path

    async def run(self, district: str, labels: Pairs | None = None, fewest: int = FEWEST) -> Outcome:
        """Learn from `labels` (masked text, item code), or from those of the model in use, and from the corrections.

        New labels are kept for the nights to come if the model that has learnt from them is put in use. Nothing is
        learnt while there are fewer than `fewest` texts that the model in use does not know. Raises `TooLittle`,
        `LabelledUnreadable`.
        """
        kept = Labelled(self.folder, self.ledger.keyring)
        labelled = kept.of(district) if labels is None else list(labels)
        corrections = await self._corrections(district)
        history = history_of([*labelled, *corrections])
        now = await self.ledger.now()
        decision, trial, file = await asyncio.to_thread(self._learn, district, history, now, fewest)
        if file is not None and labels is not None:
            kept.keep(district, labelled)
        return Outcome(decision, len(labelled), len(corrections), trial, file)

    async def _corrections(self, district: str) -> Pairs:
        """Of items that the catalogue still has."""
        known = items_of(self.catalogue)
        return [(one.text, one.item) for one in await self.ledger.corrections.of(district) if one.item in known]

    def _learn(
        self, district: str, history: Sequence[Told], now: datetime, fewest: int
    ) -> tuple[Decision, Trial | None, Path | None]:
        in_use, blind = self.models.of(district), self.ledger.vault.blinded
        new = len(unlearnt(history, in_use.about, blind))
        if new < fewest:
            return Decision(Verdict.TOO_FEW, new, 0.0, 0.0), None, None
        learnt_at = now.isoformat(timespec="seconds")
        trial = try_history(self.catalogue, history, in_use, blind, learnt_at=learnt_at, fewest=fewest)
        if trial.decision.verdict is not Verdict.PROMOTED:
            return trial.decision, trial, None
        shelf = self.models.shelf(district)
        file = shelf.put(trial.learnt.model, trial.about, now)
        shelf.use(file)
        return trial.decision, trial, file
