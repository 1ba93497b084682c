"""The flow run that this code is running in."""

from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext


def this_run() -> FlowRun:
    """Raises `RuntimeError` outside a flow run that the server knows."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise RuntimeError("this works inside a flow run only: start the flow through a deployment")
    return context.flow_run
