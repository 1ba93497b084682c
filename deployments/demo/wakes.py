"""How often runs were created or woken, from the gateway's metrics."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

from deployments.demo.patience import patiently

MADE = frozenset({"created", "woken"})


async def wakes(client: httpx.AsyncClient) -> int:
    """Since the gateway was started."""
    answer = await patiently(lambda: client.get("/metrics"))
    families = text_string_to_metric_families(answer.raise_for_status().text)
    return int(
        sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == "huiyin_wakes_total" and sample.labels["outcome"] in MADE
        )
    )
