"""The catalogue suite: everything that must hold of the catalogue's and the districts' files, judged at once.

Judged are the rows as they are written, so that every fault of every file is found in one go; the loader would stop at
the first file that it cannot read.
"""

from datetime import datetime
from pathlib import Path
from typing import get_args

from catalog.grades import Weight
from catalog.items import LONGEST_WORKING_DAYS, CatalogueItem, Emergency, Level, Property
from catalog.limits import LIMIT_PATTERN
from catalog.policy import Grade
from catalog.working_time import SHANGHAI
from quality import catalogue_rows, district_rows
from quality.catalogue_files import CatalogueFiles
from quality.checkpoint import judge
from quality.findings import findings
from quality.report import Report
from quality.rules import Table, absent, among, at_least, between, long, matching, present, same, unique

SUITE = "catalogue"
SHAPE_OF = CatalogueItem.model_json_schema()["properties"]
"""How long and of which form its fields may be: what the loader takes, the check takes."""

READ = (absent("unread", "problem"),)
ROLES = (matching("role_code", "role", r"^[a-z][a-z_]{1,39}$"), present("role_label", "label"))
CLASSES = (
    matching("class_code", "code", r"^\d{2}$", "code"),
    unique("class_twice", "code", "code"),
    present("class_name", "name", "name"),
    unique("class_name_twice", "name", "name"),
    present("undated", "dated", "dated"),
    between("future", "days_ahead", None, 1, "dated"),  # a day, for clocks and zones
    between("long_ago", "days_ahead", -20 * 366, None, "dated"),  # nobody kept such a catalogue then
)
PHRASES = (unique("phrase_twice", "said"), long("phrase_empty", "said", 2, None))
DISTRICTS = (unique("district_twice", "code", "code"), unique("prefix_twice", "prefix", "number_prefix"))
DUTIES = (present("no_unit", "unit"),)
HOLDERS = (present("unit_dead", "known_unit"),)
LINES = (present("no_line", "known"),)
SHAPE = (absent("shape", "problem"),)

ITEMS = (
    *(present("missing", f"has_{name}", name) for name in catalogue_rows.NEEDED),
    matching("code_form", "code", SHAPE_OF["code"]["pattern"], "code"),
    same("code_class", "code_class", "class", "code"),
    unique("code_twice", "code", "code"),
    long("name_long", "name", SHAPE_OF["name"]["minLength"], SHAPE_OF["name"]["maxLength"], "name"),
    unique("name_twice", "name", "name"),
    long("covers_short", "covers", SHAPE_OF["covers"]["minLength"], None, "covers"),
    between("phrases_few", "phrases", SHAPE_OF["phrases"]["minItems"], None, "phrases"),
    among("weight", "importance", get_args(Weight), "importance"),
    among("weight", "urgency", get_args(Weight), "urgency"),
    among("level", "level", get_args(Level), "level"),
    among("property", "property", get_args(Property), "property"),
    among("emergency", "emergency", get_args(Emergency), "emergency"),
    among("emergency_grade", "urgent_grade", [Grade.A.value], "emergency"),
    matching("limit_form", "completion", LIMIT_PATTERN, "completion"),
    at_least("limit_short", "seconds", "shortest_seconds", "completion"),
    between("limit_long", "days", None, LONGEST_WORKING_DAYS, "completion"),
    at_least("limit_loose", "loosest_days", "calendar_days", "completion"),
    between("joint_alone", "joint_with", 1, None, "co_roles"),
)


def check_catalogue(catalogue: Path, districts: Path, docs: Path | None, at: datetime) -> Report:
    """Judge the two folders; Data Docs go to `docs` where given. `at` is now: no version is of a later day."""
    files = CatalogueFiles.read(catalogue, districts)
    judged = tables(files, at)
    found = findings(SUITE, judged, judge(SUITE, judged, docs, at))
    counts = {"items": len(files.items), "districts": len(files.districts), "rules": sum(len(t.rules) for t in judged)}
    return Report(SUITE, tuple(found), counts, docs)


def tables(files: CatalogueFiles, at: datetime) -> list[Table]:
    """The rows and their rules. Of two rules that one place breaks, the earlier is told: it is to be mended first."""
    known = files.roles
    lead = among("role_dead", "role", known, "role")
    co = (
        among("role_dead", "role", known),
        absent("co_is_lead", "as_lead"),
        unique("co_twice", "once"),
    )
    filled = (among("role_unknown", "role", known),)
    today = at.astimezone(SHANGHAI).date()
    return [
        Table("files", READ, list(files.unread())),
        Table("roles", ROLES, list(catalogue_rows.roles(files))),
        Table("classes", CLASSES, list(catalogue_rows.classes(files, today))),
        Table("items", (*ITEMS, lead), list(catalogue_rows.items(files))),
        Table("phrases", PHRASES, list(catalogue_rows.phrases(files))),
        Table("co-roles", co, list(catalogue_rows.co_roles(files))),
        Table("districts", DISTRICTS, list(district_rows.districts(files))),
        Table("duties", DUTIES, list(district_rows.duties(files))),
        Table("holders", HOLDERS, list(district_rows.holders(files))),
        Table("district-roles", filled, list(district_rows.roles(files))),
        Table("emergency-lines", LINES, list(district_rows.lines(files))),
        Table("shape", SHAPE, list(files.misshapen())),
    ]
