"""A unit's page for one task, opened by its link: it shows what is owed, its POSTs act, its GETs never do."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from casework.case import Case
from casework.errors import NotAllowed
from casework.events import Act, Actor, Kind, Role
from casework.messages import MESSAGES
from gateway.bodies import posted
from gateway.checking import checked
from gateway.errors import Declined
from gateway.office import Desk, Office
from gateway.once import inbound, new_once
from gateway.pages import day_and_time, page, wants_json
from gateway.standing import may_whistle
from gateway.task_forms import BY_ACTION, message_data
from gateway.task_piece import piece_of
from gateway.task_view import Work, present, task_page
from ledger.chain import event_of
from ledger.folding import Loaded
from ledger.links import TaskLink
from ledger.reading import names_of
from ledger.unmasking import unmask

router = APIRouter(tags=["task page"])
CONTACT_FIELDS = ("name", "phone", "text")


@router.get("/t/{token}", summary="The task: what is asked, until when, and forms to answer")
async def show(token: str, office: Desk, done: Annotated[str | None, Query()] = None) -> Response:
    now = await office.ledger.now()
    link = office.links.read_task(token, now)
    loaded = await office.ledger.cases.load(link.case_no)
    shown = task_page(await _work(office, loaded, link), link)
    banner = done if done in ("done", "done_duplicate") else None
    return page("task.html", page=shown, token=token, done=banner, once=new_once())


@router.get("/t/{token}/contact", summary="Asks whether the citizen's number is to be shown")
async def ask_contact(token: str, office: Desk) -> Response:
    now = await office.ledger.now()
    link = office.links.read_task(token, now)
    loaded = await office.ledger.cases.load(link.case_no)
    shown = task_page(await _work(office, loaded, link), link)
    return page("contact.html", page=shown, token=token, opened=None, logged=None)


@router.post("/t/{token}/contact", summary="Shows the citizen's name and number; each opening is logged")
async def open_contact(token: str, request: Request, office: Desk) -> Response:
    at = await office.ledger.now()
    link = office.links.read_task(token, at)
    loaded = await office.ledger.cases.load(link.case_no)
    if not piece_of(loaded.case, link).may_phone:
        raise NotAllowed(loaded.case.state, (), "this unit does not hold the task any more")
    opened = await unmask(office.ledger, link.case_no, CONTACT_FIELDS, str(_actor(link)), at)
    if wants_json(request):
        return JSONResponse({"name": opened.get("name"), "phone": opened.get("phone"), "text": opened.get("text")})
    shown = task_page(await _work(office, loaded, link), link)
    return page("contact.html", page=shown, token=token, opened=opened, logged=day_and_time(at, at))


@router.post("/t/{token}/{action}", summary="One fact or request of the unit, as the webhook message of that name")
async def act(token: str, action: str, request: Request, office: Desk) -> Response:
    at = await office.ledger.now()
    link = office.links.read_task(token, at)
    form = BY_ACTION.get(action)
    if form is None:
        raise Declined(404, f"there is no action {action}: known are {', '.join(BY_ACTION)}")
    fields = await posted(request)
    case = (await office.ledger.cases.load(link.case_no)).case
    message = {**message_data(form, fields), "case_no": link.case_no, **_about(case, link)}
    data = MESSAGES[form.kind].model_validate(message).act_data()
    if form.kind is Kind.WHISTLED and not may_whistle(office.district(case.district), case, link.unit):
        raise NotAllowed(case.state, (), "this unit may not call others to it")
    said = checked(Act(form.kind, _actor(link), at, data), office.city.district(case.district), case)
    case, new = await office.record(link.case_no, said, inbound(case.district, link.unit, action, fields))
    if wants_json(request):
        return JSONResponse({"status": "accepted" if new else "duplicate", "state": str(case.state)})
    return RedirectResponse(f"/t/{token}?done={'done' if new else 'done_duplicate'}", status_code=303)


async def _work(office: Office, loaded: Loaded, link: TaskLink) -> Work:
    case = loaded.case
    names = names_of(office.city, case.district, case.item)
    place = (await office.ledger.cases.words(case.case_no))["place"] if present(case, link) else ""
    district = office.district(case.district)
    return Work(
        case=case,
        policy=loaded.policy,
        words=loaded.row.text,
        place=place,
        desk=district.name if district else case.district,
        item=names.item,
        units=names.units,
        now=await office.ledger.now(),
        district=district,
        evidence=_evidence(loaded),
    )


def _about(case: Case, link: TaskLink) -> dict[str, str]:
    """What the message is about: the unit's piece of work, and the call that it or its link belongs to."""
    task = case.given(link.task_id)
    call_id = case.whistle.call_id if case.whistle else task.call_id if task else ""
    return ({"task_id": link.task_id} if task else {}) | ({"call_id": call_id} if call_id else {})


def _evidence(loaded: Loaded) -> tuple[str, ...]:
    """What the last 销案 was asked for with."""
    asked = next((row for row in reversed(loaded.events) if row.kind == Kind.DISSOLUTION), None)
    return tuple(event_of(asked).data.get("evidence", ())) if asked is not None else ()


def _actor(link: TaskLink) -> Actor:
    return Actor(Role.UNIT, link.unit)
