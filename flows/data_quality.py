"""Each night: the ledger is checked. The run fails where something is wrong, and says of which cases."""

from prefect import flow

from tasks.concealing import concealed
from tasks.data_quality import check_the_ledger
from tasks.engine_options import UNSTORED


@flow(name="data-quality", **UNSTORED)
@concealed
async def data_quality(everything: bool = False) -> None:
    """Open cases have clocks, closed ones their ending, holders' time sums, messages are settled.

    `everything` looks at every case that ever was, not only at the open ones and those that closed of late.
    """
    await check_the_ledger(everything)
