"""The citizen's page: where the request stands, and the citizen's word on it. A GET never acts."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from casework.case import Case
from casework.events import CITIZEN, Act, Kind, Role
from casework.life_cycle import allowed
from casework.messages import Words
from casework.states import State
from catalog.districts import UnknownCode
from gateway.bodies import posted
from gateway.citizen_view import CitizenPage, Told, citizen_page
from gateway.office import Desk, Office
from gateway.once import inbound, new_once
from gateway.pages import day_and_time, page, wants_json
from gateway.story import story
from ledger.chain import event_of
from ledger.folding import Loaded
from ledger.reading import names_of, text_of

router = APIRouter(tags=["citizen"])


class Evaluation(BaseModel):
    """The citizen's judgement."""

    model_config = ConfigDict(frozen=True)

    solved: bool
    satisfaction: int = Field(ge=1, le=5)
    comment: Words | None = None


class Reopening(BaseModel):
    model_config = ConfigDict(frozen=True)

    reason: Words


class Withdrawal(BaseModel):
    model_config = ConfigDict(frozen=True)

    reason: Words | None = None


def _body(model: type[BaseModel]) -> dict[str, Any]:
    """OpenAPI: the same fields as JSON or as a form."""
    schema = model.model_json_schema()
    kinds = ("application/json", "application/x-www-form-urlencoded")
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}}


@router.get("/c/{token}", summary="Where the request stands (page, or JSON if asked for)")
async def show(token: str, request: Request, office: Desk, done: Annotated[str | None, Query()] = None) -> Response:
    now = await office.ledger.now()
    loaded = await office.ledger.cases.load(office.links.read_citizen(token, now))
    shown = await _page(office, loaded)
    if wants_json(request):
        return JSONResponse(_json(shown, loaded))
    banner = _banner(done, loaded.case)
    said_at = partial(day_and_time, now=now)
    return page("citizen.html", page=shown, token=token, done=banner, once=new_once(), said_at=said_at)


@router.post("/c/{token}/evaluate", openapi_extra=_body(Evaluation))
async def evaluate(token: str, request: Request, office: Desk) -> Response:
    return await _act(token, request, office, Kind.EVALUATED, Evaluation)


@router.post("/c/{token}/reopen", openapi_extra=_body(Reopening))
async def reopen(token: str, request: Request, office: Desk) -> Response:
    return await _act(token, request, office, Kind.REOPENED, Reopening)


@router.post("/c/{token}/withdraw", openapi_extra=_body(Withdrawal))
async def withdraw(token: str, request: Request, office: Desk) -> Response:
    return await _act(token, request, office, Kind.WITHDREW, Withdrawal)


async def _act(token: str, request: Request, office: Office, kind: Kind, model: type[BaseModel]) -> Response:
    at = await office.ledger.now()
    case_no = office.links.read_citizen(token, at)
    fields = await posted(request)
    data = model.model_validate(fields).model_dump(mode="json", exclude_none=True)
    action = request.url.path.rpartition("/")[2]
    district = (await office.ledger.cases.load(case_no)).case.district
    case, _ = await office.record(case_no, Act(kind, CITIZEN, at, data), inbound(district, "@citizen", action, fields))
    if wants_json(request):
        outcome = str(case.outcome) if case.outcome else None
        return JSONResponse({"status": "accepted", "state": str(case.state), "outcome": outcome})
    return RedirectResponse(f"/c/{token}?done={action}", status_code=303)


def _banner(done: str | None, case: Case) -> str | None:
    """What is said on the page that follows an act."""
    if done in ("evaluate", "reopen") and case.stage is State.RECEIVED:
        return "turned_down"
    return done if done in ("evaluate", "reopen", "withdraw") else None


async def _page(office: Office, loaded: Loaded) -> CitizenPage:
    case, row = loaded.case, loaded.row
    names = names_of(office.city, case.district, case.item)
    messages = await office.ledger.deliveries.through(case.case_no, "citizen")
    return citizen_page(
        Told(
            case=case,
            policy=loaded.policy,
            text=text_of(row),
            desk=_district_name(office, case.district),
            channel=_channel_name(office, case.district, case.channel),
            item=names.item,
            units=names.units,
            chapters=story(case.case_no, map(event_of, loaded.events), messages, names.units),
            now=await office.ledger.now(),
        )
    )


def _json(shown: CitizenPage, loaded: Loaded) -> dict[str, Any]:
    case = loaded.case
    return {
        "case_no": case.case_no,
        "state": str(case.state),
        "headline": shown.headline,
        "outcome": str(case.outcome) if case.outcome else None,
        "can": shown.can,
        "allowed": list(allowed(case, Role.CITIZEN)),
        "timeline": [
            {"at": chapter.at.isoformat(), "event": chapter.kind, "words": chapter.words}
            for chapter in reversed(shown.chapters)
        ],
    }


def _district_name(office: Office, code: str) -> str:
    district = office.district(code)
    return district.name if district else code


def _channel_name(office: Office, district: str, channel: str) -> str:
    known = office.district(district)
    try:
        return known.channel(channel).name if known else channel
    except UnknownCode:  # dropped from the district's file since
        return channel
