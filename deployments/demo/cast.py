"""Who plays which part: the behaviour of the unit and the citizen of each case."""

from deployments.demo.behaviours import CitizenWay, Story, UnitWay, unscripted_citizen, unscripted_unit
from deployments.demo.script import Call, Dispute, Scripted


class Cast:
    """Knows the scripted cases by number once they are sent; any other case has a behaviour by its number."""

    def __init__(self) -> None:
        self._scripted: dict[str, Scripted] = {}

    def enter(self, case_no: str, request: Scripted) -> None:
        self._scripted[case_no] = request

    def request(self, case_no: str) -> Scripted | None:
        return self._scripted.get(case_no)

    def unit_way(self, case_no: str) -> UnitWay:
        request = self._scripted.get(case_no)
        return request.unit if request else unscripted_unit(case_no)

    def citizen_way(self, case_no: str) -> CitizenWay:
        request = self._scripted.get(case_no)
        return request.citizen if request else unscripted_citizen(case_no)

    def story(self, case_no: str) -> Story | None:
        request = self._scripted.get(case_no)
        return request.story if request else None

    def call(self, case_no: str) -> Call | None:
        """The call that a street makes for it."""
        request = self._scripted.get(case_no)
        return request.call if request else None

    def dispute(self, case_no: str) -> Dispute | None:
        request = self._scripted.get(case_no)
        return request.dispute if request else None

    def has_link(self, case_no: str) -> bool:
        """Whether a simulated citizen holds the case's link: then nobody need phone, unless links are not opened."""
        request = self._scripted.get(case_no)
        return request is not None and request.citizen is not CitizenWay.BY_PHONE
