"""A condition that lasts: its alert is open as long as it does, and written only when that changes."""

from catalog.texts import text
from ledger.alerts import Alerts


class Condition:
    """One kind of alert about one subject. What an earlier process left open is cleared at the first look."""

    def __init__(self, alerts: Alerts, kind: str, subject: str) -> None:
        self._alerts, self._kind, self._subject = alerts, kind, subject
        self._said: bool | None = None

    @property
    def wrong(self) -> bool:
        """As last told."""
        return bool(self._said)

    async def told(self, wrong: bool, **words: object) -> bool:
        """Whether it is wrong now; answers whether that is news. `words` fill the alert's sentence."""
        if wrong == self._said:
            return False
        news = wrong or bool(self._said)
        if wrong:
            await self._alerts.raise_(self._kind, self._subject, text(f"alert.{self._kind}.words", **words))
        else:
            await self._alerts.clear(self._kind, self._subject)
        self._said = wrong
        return news
