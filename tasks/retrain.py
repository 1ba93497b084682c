"""retrain: a district's corrections become its model, if that is better than the one in use."""

from prefect import task
from prefect.logging import get_run_logger

from catalog.texts import text
from learning.errors import TooLittle
from learning.promotion import FEWEST
from ledger.labelled import LabelledUnreadable
from ledger.settings import settings
from tasks.concealing import concealed
from tasks.desk import city, ledger, models
from tasks.retrying import VERB
from tasks.training import Outcome, Training

UNREADABLE = "labels_unreadable"


@task(name="learn-corrections", **VERB)
@concealed
async def learn_corrections(district: str) -> None:
    """Learn, judge, put in use what is better; the run's log says in one line what was decided."""
    get_run_logger().info("%s", await lesson(district))


async def lesson(district: str) -> str:
    """What one night came to.

    Labels that cannot be opened raise an alert until they can: without them a model would forget what they taught.
    """
    known = city().district(district)
    training = Training(ledger(), city().catalogue, models(), settings().models_folder)
    try:
        outcome = await training.run(known.code)
    except TooLittle:
        return text("retrain.too_little", district=known.name)
    except LabelledUnreadable:
        await ledger().alerts.raise_(UNREADABLE, known.code, text(f"alert.{UNREADABLE}.words", district=known.name))
        raise
    await ledger().alerts.clear(UNREADABLE, known.code)
    return _line(known.name, outcome)


def _line(district: str, outcome: Outcome) -> str:
    decision = outcome.decision
    return text(
        f"retrain.{decision.verdict}",
        district=district,
        n=decision.n,
        fewest=FEWEST,
        labelled=outcome.labelled,
        corrections=outcome.corrections,
        in_use=f"{decision.in_use:.1%}",
        new=f"{decision.new:.1%}",
        file=outcome.file.name if outcome.file else "",
    )
