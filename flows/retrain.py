"""Each night, for one district: what its dispatchers have corrected is learnt, and put in use if that is better."""

from prefect import flow

from tasks.concealing import concealed
from tasks.engine_options import UNSTORED
from tasks.retrain import learn_corrections


@flow(name="retrain", **UNSTORED)
@concealed
async def retrain(district: str) -> None:
    """A new model from the district's labels and corrections beside the model in use, on what both have not seen."""
    await learn_corrections(district)
