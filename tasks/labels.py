"""What stands on a run in Prefect's UI: its name and its tags."""

from casework.case import Case
from casework.strands import OWNERSHIP, Strand
from catalog.texts import text
from tasks.unit_alerts import unit_name


def child_name(case: Case, strand: Strand) -> str:
    """A part by its unit, an ownership by its owner's office, with the case: ``区城市管理局 牵头 SF2026112300001``."""
    role = text(f"tier.{case.ownerships[-1].at.tier}") if strand.flow == OWNERSHIP else text(f"task_role.{strand.role}")
    return f"{unit_name(case.district, strand.unit)} {role} {case.case_no}"


def tags_of(case: Case, strand: Strand | None) -> set[str]:
    """District, grade, unit and what is awaited; a child's case as well."""
    state, unit = (strand.state, strand.unit) if strand else (case.state, case.unit)
    tags = {f"district:{case.district}", f"grade:{case.grade}", text(f"state.{state}")}
    tags |= {f"case:{case.case_no}"} if strand else set()
    return tags | {f"unit:{unit}"} if unit else tags
