"""Whether a new request is the same matter at the same place as another (疑似重复、并案); part of `assign`."""

from collections.abc import Mapping, Sequence

from casework.case import Case
from casework.events import Kind
from casework.routing import without_places
from casework.suspecting import joining, looked_for_since, worth_telling
from catalog.texts import text
from learning.likeness import Told
from ledger.alike import Compared
from ledger.folding import Loaded
from tasks.desk import city, duplicates, ledger
from tasks.recording import record, record_act

SHORTLIST = 5
"""Of so many the place is opened; by text alone hundreds may be compared."""


async def joined(loaded: Loaded) -> bool:
    """Record of which others it may be the same matter; answers whether it has joined the likeliest at once."""
    case = loaded.case
    if not case.suspects:  # a step that is done again finds them recorded
        suspects = worth_telling(await _found(loaded), loaded.policy)
        if not suspects:
            return False
        case = await record(Kind.SUSPECTED, suspects=suspects)
    return bool(case.suspects) and await _join(case, loaded)


async def _join(case: Case, loaded: Loaded) -> bool:
    first = case.suspects[0]
    into = (await ledger().cases.load(first["case_no"])).case
    others = await ledger().lists.merged_into(case.case_no)
    why = text("duplicates.joined", case_no=into.case_no, percent=round(100 * first["probability"]))
    act = joining(case, into, loaded.policy, others, at=await ledger().now(), reason=why)
    if act is None or await ledger().alike.of_one_citizen(case.case_no, into.case_no):
        return False  # what one citizen says again may be a correction: somebody reads it
    return (await record_act(act)).merged_into is not None


async def _found(loaded: Loaded) -> Mapping[str, float]:
    """How probable it is of each other case; of those that are merged into one, the highest is that one's."""
    case = loaded.case
    since = looked_for_since(loaded.policy, case.received_at)
    items = {candidate["item"] for candidate in case.candidates} | ({case.item} if case.item else set())
    others = await ledger().alike.others(case, sorted(items), since) if since else []
    if not others:
        return {}
    likely = _likeliest(loaded, others)
    places = await ledger().alike.places([case.case_no, *(other.case_no for other in likely)])
    mine = _told(case, loaded.row.text, case.street, case.community, places[case.case_no])
    theirs = [_told(case, one.text, one.street, one.community, places[one.case_no]) for one in likely]
    found: dict[str, float] = {}
    for other, probability in zip(likely, duplicates().probabilities(mine, theirs), strict=True):
        found[other.main] = max(probability, found.get(other.main, 0.0))
    return found


def _likeliest(loaded: Loaded, others: Sequence[Compared]) -> list[Compared]:
    """By masked text, street and community alone."""
    case = loaded.case
    mine = _told(case, loaded.row.text, case.street, case.community)
    theirs = [_told(case, other.text, other.street, other.community) for other in others]
    judged = zip(others, duplicates().probabilities(mine, theirs), strict=True)
    ranked = sorted(judged, key=lambda pair: (-pair[1], pair[0].case_no))
    return [other for other, _ in ranked[:SHORTLIST]]


def _told(case: Case, words: str, street: str | None, community: str | None, place: str = "") -> Told:
    district = city().district(case.district)
    return Told(without_places(district, words), without_places(district, place).strip(), street, community)
