"""The districts' forms: the parameters of their deployments, as Prefect has them now."""

from collections.abc import Mapping
from typing import Any

from prefect.client.orchestration import PrefectClient

from engine.run_reading import PAGE, REQUESTS

POLICY = "policy"  # the parameter that holds a district's policy
KNOWN = frozenset({"case_no", POLICY})  # a run with any other parameter cannot start


async def forms(client: PrefectClient) -> dict[str, Mapping[str, Any]]:
    """District to parameters, in one call of Prefect's API for every two hundred districts."""
    found: dict[str, Mapping[str, Any]] = {}
    while True:
        page = await client.read_deployments(flow_filter=REQUESTS, limit=PAGE, offset=len(found))
        found |= {deployment.name: deployment.parameters for deployment in page}
        if len(page) < PAGE:
            return found
