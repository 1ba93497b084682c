"""The script shows what the demo is to show, and fits the catalogue and the district it is played in."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from casework.events import Kind
from casework.instant import decided
from casework.routing import locate, responsible_unit
from casework.screening import screen
from catalog.districts import District
from catalog.items import Catalogue
from catalog.loading import load_catalogue, load_district
from catalog.marked import LoadError
from deployments.demo.behaviours import SLACK, CitizenWay, Story, UnitWay
from deployments.demo.phrases import result
from deployments.demo.run import DISTRICT
from deployments.demo.script import Scripted, load_script
from learning.answering import Answerer, complaints, unsettled
from learning.classifier import Classifier
from ledger.city import City
from ledger.intake import IntakeForm
from ledger.settings import ROOT, Settings

SCRIPT = load_script()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def district(catalogue: Catalogue) -> District:
    return load_district(ROOT / "deployments" / "districts" / f"{DISTRICT}.yaml", catalogue)


def test_at_least_forty_requests_each_said_once() -> None:
    assert len(SCRIPT) >= 40
    assert len({request.text for request in SCRIPT}) == len(SCRIPT)


def test_at_least_fourteen_classes_all_of_the_catalogue(catalogue: Catalogue) -> None:
    wanted = {code for request in SCRIPT for code in request.classes}
    assert len(wanted) >= 14
    assert wanted <= {each.code for each in catalogue.classes}


def test_every_way_of_a_unit_and_of_a_citizen_is_played() -> None:
    assert {request.unit for request in SCRIPT} == set(UnitWay)
    assert {request.citizen for request in SCRIPT} == set(CitizenWay)


def test_every_story_is_told_once() -> None:
    assert Counter(request.story for request in SCRIPT if request.story) == dict.fromkeys(Story, 1)


def test_whoever_a_story_names_is_a_unit_and_the_street_calls_in_its_own_place(district: District) -> None:
    for request in SCRIPT:
        if request.call is not None:
            street = locate(district, request.place).street
            assert request.call.by == district.roles["street_office"].streets[street or ""]
            for code in request.call.units:
                district.unit(code)
            assert request.unit is UnitWay.JOINT
            assert request.call.silent in (None, *request.call.others)
        if request.dispute is not None:
            for code in (*request.dispute.proposes, *request.dispute.proposes.values(), request.dispute.ruled):
                district.unit(code)


def test_what_is_said_again_in_other_words_is_the_same_matter_in_the_same_street_and_comes_much_later(
    district: District, catalogue: Catalogue
) -> None:
    classifier = Classifier.from_catalogue(catalogue)
    (first, bounced), (second, again) = (
        next((n, request) for n, request in enumerate(SCRIPT) if request.story is story)
        for story in (Story.BOUNCED, Story.PRECEDENT)
    )
    found = [classifier.classify(request.text, request.place) for request in (bounced, again)]
    assert found[0].item == found[1].item
    assert min(one.confidence for one in found) > district.policy.confidence_threshold
    assert locate(district, bounced.place).street == locate(district, again.place).street
    assert second - first > 30
    usual = responsible_unit(district, catalogue.item(found[0].item), locate(district, bounced.place)).unit
    assert bounced.dispute is not None
    assert again.dispute is not None
    assert usual in bounced.dispute.proposes
    assert bounced.dispute.ruled == again.dispute.ruled != usual


def test_the_old_matter_is_marked_so_and_the_gas_smell_has_a_line(catalogue: Catalogue) -> None:
    classifier = Classifier.from_catalogue(catalogue)
    for request in SCRIPT:
        item = catalogue.item(classifier.classify(request.text, request.place).item)
        if not request.vague:
            assert item.long_standing == (request.story is Story.SILENT_OWNERS), request.text
        if request.story is Story.REFERRED:
            assert screen(request.text).line == item.emergency == "gas"


def test_what_the_knowledge_base_answers_is_what_the_script_says_it_does(
    district: District, catalogue: Catalogue
) -> None:
    knowledge = City.of(Settings()).knowledge[DISTRICT]
    answerer = Answerer.of(knowledge, (*complaints(catalogue), *unsettled()))
    today = date(2026, 11, 27)
    for request in SCRIPT:
        found = answerer.find(request.text, request.place, today)
        kind, _ = decided(request.text, found, district.policy)
        answered = kind is Kind.ANSWERED and screen(request.text).property == "question"
        assert answered == (request.story in (Story.ANSWERED, Story.TURNED_DOWN)), request.text


def test_a_story_without_what_it_needs_is_a_mistake() -> None:
    plain = {"text": "污水井一直往外冒脏水", "channel": "app"}
    for wrong in ({"story": "joint"}, {"story": "bounced"}, {"call": {"by": "a", "lead": "b", "others": ["c"]}}):
        with pytest.raises(ValidationError):
            Scripted.model_validate({**plain, **wrong})


def test_most_units_are_prompt_and_most_citizens_rate() -> None:
    unrated = {CitizenWay.SILENT, CitizenWay.WITHDRAWS, CitizenWay.WITHDRAWS_HAZARD, CitizenWay.THANKFUL}
    unrated |= {CitizenWay.REFERRED}
    assert sum(request.unit in SLACK for request in SCRIPT) <= 0.2 * len(SCRIPT)
    assert sum(request.citizen not in unrated for request in SCRIPT) >= 0.85 * len(SCRIPT)


def test_three_or_four_are_too_vague_for_anybody_but_a_dispatcher() -> None:
    assert 3 <= sum(request.vague for request in SCRIPT) <= 4


def test_what_was_answered_badly_is_judged_badly() -> None:
    bad = {CitizenWay.DISSATISFIED, CitizenWay.ASKS_AGAIN}
    for request in SCRIPT:
        assert (request.unit is UnitWay.POOR_FIRST) == (request.citizen in bad), request.text
        assert bool(request.complaint) == (request.citizen in bad | {CitizenWay.TURNS_DOWN}), request.text


def test_what_takes_long_comes_early() -> None:
    """A second round of handling must be over when the last request is."""
    slow = [
        n for n, request in enumerate(SCRIPT) if request.citizen in (CitizenWay.DISSATISFIED, CitizenWay.ASKS_AGAIN)
    ]
    assert max(slow) < len(SCRIPT) / 2


def test_channels_are_the_districts(district: District) -> None:
    for request in SCRIPT:
        district.channel(request.channel)
    assert len({request.channel for request in SCRIPT}) >= 5


def test_every_place_is_found_in_the_district(district: District) -> None:
    placed = [request for request in SCRIPT if request.place]
    assert len(placed) >= 0.8 * len(SCRIPT)
    for request in placed:
        assert locate(district, request.place).street, request.place
    assert {locate(district, request.place).street for request in placed} == {
        street.code for street in district.streets
    }


def test_phones_are_nobodys_and_some_have_none() -> None:
    phones = Counter(request.contact.phone for request in SCRIPT)
    assert phones.pop(None) >= 3
    assert max(phones.values()) == 1


def test_bodies_are_accepted_at_the_front_desk() -> None:
    for request in SCRIPT:
        form = IntakeForm.model_validate(request.body(DISTRICT))
        assert form.text == request.text


def test_properties_are_seen_at_first_sight() -> None:
    """Thanks want no answer, and hazards are withdrawn by nobody: the front desk must know them for what they are."""
    for request in SCRIPT:
        seen = screen(request.text)
        assert (seen.property == "thanks") == (request.citizen is CitizenWay.THANKFUL), request.text
        if request.citizen is CitizenWay.WITHDRAWS_HAZARD:
            assert seen.grade_hint == "A", request.text
    assert {screen(request.text).property for request in SCRIPT} >= {
        "complaint",
        "help",
        "question",
        "suggestion",
        "report",
    }


def test_units_have_a_result_for_every_class(catalogue: Catalogue) -> None:
    said = {each.code: result(each.code) for each in catalogue.classes}
    assert len(set(said.values())) == len(said)


def test_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "requests.yaml"
    file.write_text(
        "- text: 路灯坏了好几天没人修\n  channel: app\n- text: 井盖不见了，请来看看\n  channel: app\n  unit: lazy\n"
    )
    with pytest.raises(LoadError, match=r"requests\.yaml:5: .*unit"):
        load_script(file)


def test_a_scripted_request_may_be_of_several_classes() -> None:
    request = Scripted.model_validate({"text": "建议增设几盏路灯和座椅", "channel": "web", "class": ["06", "18"]})
    assert request.classes == ("06", "18")
    assert not request.vague
