"""The staff API as a member of staff uses it: lists, one case, and actions, under a bearer token."""

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from deployments.demo.patience import patiently

LOG = logging.getLogger("huiyin.demo.staff")
PAGE = 200
REFUSALS = frozenset({404, 409, 422})
"""What an action may be answered when somebody else was quicker: read, and left at that."""


@dataclass(frozen=True, slots=True)
class StaffApi:
    """One person's way in, for one district."""

    client: httpx.AsyncClient
    district: str
    token: str

    async def cases(self, **wanted: str) -> AsyncIterator[dict[str, Any]]:
        """Every case that fits, page by page."""
        query: dict[str, str | int] = {"district": self.district, "limit": PAGE, **wanted}
        while True:
            page: list[dict[str, Any]] = (await self._get("/api/cases", query)).json()
            for case in page:
                yield case
            if len(page) < PAGE:
                return
            query["after"] = page[-1]["case_no"]

    async def case(self, case_no: str) -> dict[str, Any]:
        document: dict[str, Any] = (await self._get(f"/api/cases/{case_no}", {})).json()
        return document

    async def act(self, case_no: str, action: str, body: Mapping[str, Any]) -> bool:
        """Whether the action was taken. Raises `httpx.HTTPStatusError` for anything but a refusal."""
        where = f"/api/cases/{case_no}/{action}"
        answer = await patiently(lambda: self.client.post(where, json=dict(body), headers=self._bearer))
        if answer.status_code in REFUSALS:
            LOG.warning("%s %s: %s %s", case_no, action, answer.status_code, answer.text)
            return False
        answer.raise_for_status()
        return True

    async def _get(self, path: str, query: Mapping[str, str | int]) -> httpx.Response:
        answer = await patiently(lambda: self.client.get(path, params=dict(query), headers=self._bearer))
        return answer.raise_for_status()

    @property
    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}
