"""A catalogue with a good twenty faults of different kinds: each is found, named by row and field, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.unit.quality.conftest import Copy, line_of

Told = tuple[str, str, str, str]
"""Row, rule, file and the field's last step."""


def _dead_role(copy: Copy) -> Told:
    with copy.item("SZ-0101") as item:
        item["role"] = "gas_company"
    return "SZ-0101", "role_dead", "01-safety.yaml", "role"


def _doubled_code(copy: Copy) -> Told:
    with copy.item("SZ-0202") as item:
        item["code"] = "SZ-0201"
    return "SZ-0201", "code_twice", "02-order.yaml", "code"


def _missing_lead(copy: Copy) -> Told:
    with copy.item("SZ-0301") as item:
        del item["role"]
    return "SZ-0301", "missing", "03-environment.yaml", "role"


def _impossible_limit(copy: Copy) -> Told:
    with copy.item("SZ-0401") as item:
        item["completion"] = "40wd"
    return "SZ-0401", "limit_long", "04-planning-building.yaml", "completion"


def _doubled_phrase(copy: Copy) -> Told:
    with copy.item("SZ-0501") as item:
        phrase = item["phrases"][0]
    with copy.item("SZ-0601") as item:
        item["phrases"][3] = f" {phrase}！"
    return "SZ-0601", "phrase_twice", "06-municipal.yaml", "phrases[3]"


def _unit_missing_in_a_district(copy: Copy) -> Told:
    with copy.edited(copy.district_file("pingshan")) as district:
        del district["roles"]["market"]
    return "坪山区", "no_unit", "pingshan.yaml", "market"


def _wrong_class_prefix(copy: Copy) -> Told:
    with copy.item("SZ-0702") as item:
        item["code"] = "SZ-9902"
    return "SZ-9902", "code_class", "07-transport.yaml", "code"


def _unknown_co_role(copy: Copy) -> Told:
    with copy.item("SZ-0801") as item:
        item["co_roles"] = ["robots"]
    return "SZ-0801", "role_dead", "08-labour.yaml", "co_roles[0]"


def _importance_out_of_range(copy: Copy) -> Told:
    with copy.item("SZ-0901") as item:
        item["importance"] = 5
    return "SZ-0901", "weight", "09-market.yaml", "importance"


def _urgency_out_of_range(copy: Copy) -> Told:
    with copy.item("SZ-1001") as item:
        item["urgency"] = 0
    return "SZ-1001", "weight", "10-culture.yaml", "urgency"


def _unknown_level(copy: Copy) -> Told:
    with copy.item("SZ-1101") as item:
        item["level"] = "village"
    return "SZ-1101", "level", "11-education-health.yaml", "level"


def _empty_covers(copy: Copy) -> Told:
    with copy.item("SZ-1201") as item:
        item["covers"] = ""
    return "SZ-1201", "covers_short", "12-personnel.yaml", "covers"


def _limit_looser_than_the_grade(copy: Copy) -> Told:
    with copy.item("SZ-0103") as item:
        item["completion"] = "10wd"
    return "SZ-0103", "limit_loose", "01-safety.yaml", "completion"


def _joint_alone(copy: Copy) -> Told:
    with copy.item("SZ-1301") as item:
        item["joint"] = True
        item["co_roles"] = []
    return "SZ-1301", "joint_alone", "13-party.yaml", "co_roles"


def _doubled_name(copy: Copy) -> Told:
    with copy.item("SZ-1401") as item:
        name = item["name"]
    with copy.item("SZ-1402") as item:
        item["name"] = name
    return "SZ-1402", "name_twice", "14-discipline.yaml", "name"


def _date_to_come(copy: Copy) -> Told:
    with copy.edited(copy.class_file("15")) as value:
        value["dated"] = date(9000, 1, 1)
    return "15-civil.yaml", "future", "15-civil.yaml", "dated"


def _date_of_no_calendar(copy: Copy) -> Told:
    file = copy.class_file("16")
    content = file.read_text(encoding="utf-8")
    dated = next(line for line in content.splitlines() if line.startswith("dated:"))
    file.write_text(content.replace(dated, "dated: 2026-02-30", 1), encoding="utf-8")
    return "16-united-front.yaml", "unread", "16-united-front.yaml", "dated"


def _emergency_line_missing_in_a_district(copy: Copy) -> Told:
    with copy.edited(copy.district_file("futian")) as district:
        del district["emergency_lines"]["119"]
    return "福田区", "no_line", "futian.yaml", "119"


def _few_phrases(copy: Copy) -> Told:
    with copy.item("SZ-1701") as item:
        item["phrases"] = item["phrases"][:3]
    return "SZ-1701", "phrases_few", "17-community.yaml", "phrases"


def _dead_unit(copy: Copy) -> Told:
    with copy.edited(copy.district_file("demo")) as district:
        district["roles"]["education"]["default"] = "nowhere"
    return "示范区", "unit_dead", "demo.yaml", "default"


def _limit_of_no_form(copy: Copy) -> Told:
    with copy.item("SZ-1702") as item:
        item["completion"] = "soon"
    return "SZ-1702", "limit_form", "17-community.yaml", "completion"


def _limit_that_nobody_can_keep(copy: Copy) -> Told:
    with copy.item("SZ-1703") as item:
        item["completion"] = "5m"
    return "SZ-1703", "limit_short", "17-community.yaml", "completion"


def _date_long_ago(copy: Copy) -> Told:
    with copy.edited(copy.class_file("14")) as value:
        value["dated"] = date(1900, 1, 1)
    return "14-discipline.yaml", "long_ago", "14-discipline.yaml", "dated"


def _unknown_property(copy: Copy) -> Told:
    with copy.item("SZ-1801") as item:
        item["property"] = "wish"
    return "SZ-1801", "property", "18-collected.yaml", "property"


def _unknown_field(copy: Copy) -> Told:
    with copy.item("SZ-1802") as item:
        item["limit"] = "5wd"
    return "SZ-1802", "shape", "18-collected.yaml", "limit"


def _emergency_that_is_none(copy: Copy) -> Told:
    with copy.item("SZ-1002") as item:
        item["emergency"], item["importance"] = "119", 1
    return "SZ-1002", "emergency_grade", "10-culture.yaml", "emergency"


def _helper_is_the_lead(copy: Copy) -> Told:
    with copy.item("SZ-0902") as item:
        item["co_roles"] = [item["role"]]
    return "SZ-0902", "co_is_lead", "09-market.yaml", "co_roles[0]"


PLANTED: list[Callable[[Copy], Told]] = [
    _dead_role,
    _doubled_code,
    _missing_lead,
    _impossible_limit,
    _doubled_phrase,
    _unit_missing_in_a_district,
    _wrong_class_prefix,
    _unknown_co_role,
    _importance_out_of_range,
    _urgency_out_of_range,
    _unknown_level,
    _empty_covers,
    _limit_looser_than_the_grade,
    _joint_alone,
    _doubled_name,
    _date_to_come,
    _emergency_line_missing_in_a_district,
    _few_phrases,
    _dead_unit,
    _limit_of_no_form,
    _limit_that_nobody_can_keep,
    _date_long_ago,
    _unknown_property,
    _unknown_field,
    _emergency_that_is_none,
    _helper_is_the_lead,
    _date_of_no_calendar,  # the last: YAML that cannot be read cannot be edited
]


def test_the_real_catalogue_and_districts_are_sound(copy: Copy) -> None:
    assert copy.check() == ()


def test_each_planted_fault_is_named_by_row_and_field_and_nothing_else(copy: Copy) -> None:
    planted = {plant(copy) for plant in PLANTED}
    assert len(planted) == len(PLANTED) >= 20

    found = copy.check()

    told = {(each.subject, each.rule, Path(each.file).name, _last_step(each.field)) for each in found}
    assert told == planted
    assert len(found) == len(planted)


def test_a_fault_stands_where_its_line_says(copy: Copy) -> None:
    _dead_role(copy)
    _missing_lead(copy)
    _date_to_come(copy)
    _unit_missing_in_a_district(copy)

    lines = {each.rule: (Path(each.file), each.line, str(each)) for each in copy.check()}

    gas, lead = copy.class_file("01"), copy.class_file("03")
    civil, pingshan = copy.class_file("15"), copy.district_file("pingshan")
    expected = {
        "role_dead": (gas, line_of(gas, "SZ-0101", "role")),
        "missing": (lead, line_of(lead, "SZ-0301", "code")),  # what is not written is told at its item
        "future": (civil, line_of(civil, None, "dated")),
        "no_unit": (pingshan, line_of(pingshan, None, "roles")),
    }
    assert {rule: found[:2] for rule, found in lines.items()} == expected
    where = f"{gas}:{expected['role_dead'][1]}: SZ-0101 items[0].role"
    assert lines["role_dead"][2] == f"{where}: 角色“gas_company”在 roles.yaml 中不存在，请改正或补上"


def test_the_second_of_two_names_the_first(copy: Copy) -> None:
    _doubled_code(copy)

    (found,) = copy.check()

    file = copy.class_file("02")
    first = line_of(file, "SZ-0201", "code")
    assert found.line > first
    assert found.sentence == f"事项编号 SZ-0201 已用于 SZ-0201（{file.name}:{first}），请另取一个"


def test_a_file_that_is_not_yaml_hides_nothing_of_the_others(copy: Copy) -> None:
    _dead_unit(copy)
    with copy.class_file("18").open("a", encoding="utf-8") as file:
        file.write("  - code: [\n")

    assert {(Path(each.file).name, each.rule) for each in copy.check()} == {
        ("18-collected.yaml", "unread"),
        ("demo.yaml", "unit_dead"),
    }


def test_values_of_another_shape_are_told_once_and_break_nothing(copy: Copy) -> None:
    with copy.item("SZ-0101") as item:
        item.update(name=["燃气"], phrases="漏气", importance="3", completion=24, co_roles="fire", joint="yes", level=1)
    with copy.edited(copy.district_file("demo")) as district:
        district["roles"]["fire"] = "emergency"
        district["units"] = "none"

    found = copy.check()

    fields = [each.field.rpartition(".")[2] for each in found if each.subject == "SZ-0101"]
    assert sorted(fields) == ["co_roles", "completion", "importance", "level", "name", "phrases"]
    assert {each.field for each in found if Path(each.file).name == "demo.yaml"} >= {"roles.fire", "units"}


def test_a_districts_parts_are_compared_though_one_of_them_makes_no_sense(copy: Copy) -> None:
    with copy.edited(copy.district_file("demo")) as district:
        district["policy"]["clocks"]["feedback"]["a"] = "10 minutes"
        district["units"][2].update(deputy="nobody", hours="always", fax="none")
        district["leaders"][0]["office"] = "nowhere"

    found = copy.check()

    assert {(each.rule, each.field) for each in found} == {
        ("shape", "policy.clocks.feedback.a"),
        ("shape", "units[2].hours"),
        ("shape", "units[2].fax"),
        ("shape", "units[2].deputy"),
        ("shape", "leaders[0].office"),
    }


@pytest.mark.parametrize("content", ["", "items: [1, null]\n"])
def test_a_file_of_anything_is_told_of(copy: Copy, content: str) -> None:
    copy.class_file("12").write_text(content, encoding="utf-8")

    assert {Path(each.file).name for each in copy.check()} == {"12-personnel.yaml"}


def _last_step(field: str) -> str:
    return field.rpartition(".")[2]
