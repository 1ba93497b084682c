"""How a unit speaks: signed webhooks to the gateway, tried again under the same id until they are answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
from standardwebhooks import Webhook

from deployments.demo.patience import patiently


@dataclass(frozen=True, slots=True)
class Voice:
    """One district's units, each with its signing secret."""

    client: httpx.AsyncClient
    district: str
    secrets: Mapping[str, str]

    async def tell(self, unit: str, kind: str, data: Mapping[str, Any]) -> httpx.Response:
        """Send one message; the gateway's answer, whether it took it or refused. Raises `Unheard`."""
        message = {"type": kind, "schema": 1, "timestamp": datetime.now(UTC).isoformat(), "data": dict(data)}
        body, delivery = json.dumps(message, ensure_ascii=False), f"msg_{uuid4().hex}"
        where = f"/webhooks/{self.district}/{unit}"
        return await patiently(
            lambda: self.client.post(where, content=body.encode(), headers=self._signed(unit, delivery, body))
        )

    def _signed(self, unit: str, delivery: str, body: str) -> dict[str, str]:
        now = datetime.now(UTC)
        return {
            "content-type": "application/json",
            "webhook-id": delivery,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.secrets[unit]).sign(delivery, now, body),
        }
