"""Who owns a case at which tier, by the district's file (分片包联), and who is told of a rung."""

import pytest
from lives import DISPATCHER, DISTRICT, SYSTEM, TIERS, Life, after

from casework.errors import BadAct
from casework.events import Act, Kind
from casework.owners import tiers, with_owner
from catalog.districts import District, Leader
from catalog.policy import Policy

PLAIN = Policy(calendar="none", quiet_hours=None)


def district(*leaders: Leader) -> District:
    return District.model_construct(code="pingshan", leaders=leaders)


def assigned(unit: str = "cg", **facts: str) -> Life:
    return Life.begun(PLAIN, **facts).assigned(unit=unit)


def order(life: Life, known: District = DISTRICT, **data: str) -> dict[str, object]:
    return dict(with_owner(Act(Kind.OWNED, DISPATCHER, after(9), {"trigger": "order", **data}), known, life.case).data)


def test_from_the_units_leader_up_to_the_leading_group() -> None:
    found = tiers(DISTRICT, assigned().case)
    assert [(one.tier, one.owner, one.office, one.top) for one in found] == [
        ("unit", "cg-leader", "cg", False),
        ("district", "deputy", "office", False),
        ("head", "head", "party-office", True),
        ("group", "group", "group-office", False),
    ]


@pytest.mark.parametrize(
    ("unit", "street", "leader"),
    [("cg", None, "deputy"), ("cg", "lj", "deputy"), ("sw", "lj", "deputy2"), ("sw", None, "deputy")],
)
def test_who_is_linked_to_the_unit_goes_before_who_is_linked_to_the_street(
    unit: str, street: str | None, leader: str
) -> None:
    life = assigned(unit, **({"street": street} if street else {}))
    assert tiers(DISTRICT, life.case)[1].owner == leader


def test_a_units_own_leader_may_be_in_the_file() -> None:
    own = Leader(code="chen", title="局长", tier="unit", office="cg-office", units=("cg",))
    assert tiers(district(own, *TIERS), assigned().case)[0].owner == "chen"
    assert tiers(district(own, *TIERS), assigned("sw").case)[0].owner == "sw-leader"


def test_it_begins_with_the_lowest_or_where_it_was_ordered() -> None:
    assert order(assigned())["tier"] == "unit"
    data = order(assigned(), tier="head")
    assert (data["tier"], data["owner"], data["top"]) == ("head", "head", True)
    assert data["above"] == {"tier": "group", "owner": "group", "office": "group-office", "top": False}


@pytest.mark.parametrize("tier", ["group", "village"])
def test_the_leading_group_owns_nothing(tier: str) -> None:
    with pytest.raises(BadAct, match="tier: must be one of unit, district, head"):
        order(assigned(), tier=tier)


def test_a_hearing_is_the_highests_who_is_there() -> None:
    assert order(assigned(), trigger="hearing")["tier"] == "head"
    assert order(assigned(), district(TIERS[0], TIERS[3]), trigger="hearing")["tier"] == "district"


def test_a_tier_that_nobody_has_is_left_out() -> None:
    few = district(TIERS[2])
    data = order(assigned(), few)
    assert data["above"] == {"tier": "head", "owner": "head", "office": "party-office", "top": True}
    assert order(assigned(), district())["above"] == {
        "tier": "unit", "owner": "cg-leader", "office": "cg", "top": True
    }  # fmt: skip


def test_it_rises_by_the_file_of_the_day() -> None:
    life = assigned().owned()
    act = Act(Kind.ROSE, SYSTEM, after(99), {"clock": "O1.accept#0", "rung": 3, "action": "own"})
    assert with_owner(act, DISTRICT, life.case).data["owner"] == "deputy"
    assert with_owner(act, district(TIERS[2], TIERS[3]), life.case).data["owner"] == "head"
    gone = with_owner(act, district(TIERS[3]), life.case).data
    assert (gone["tier"], gone["owner"], gone["top"], gone["above"]["tier"]) == ("district", "deputy", True, "group")


def test_supervision_is_told_to_who_is_in_charge_of_whoever_is_late() -> None:
    life = assigned("sw", street="lj").whistled("cg")
    rung = {"rung": 2, "action": "supervise"}

    def told(clock: str) -> list[dict[str, str]]:
        told: list[dict[str, str]] = with_owner(
            Act(Kind.RUNG, SYSTEM, after(99), {"clock": clock, **rung}), DISTRICT, life.case
        ).data["tell"]
        return told

    assert told("completion#0") == [{"owner": "deputy2", "office": "office2"}]
    assert told("T2.report_in#0") == [{"owner": "deputy", "office": "office"}]
    life.owned(12)
    assert told("O1.accept#0") == [{"owner": "deputy2", "office": "office2"}], "the tier above the owner"


def test_other_acts_are_left_as_they_are() -> None:
    life = assigned()
    for act in (
        Act(Kind.RUNG, SYSTEM, after(9), {"clock": "completion#0", "rung": 0, "action": "remind"}),
        Act(Kind.PROGRESS, SYSTEM, after(9), {"note": "x"}),
    ):
        assert with_owner(act, DISTRICT, life.case) is act
