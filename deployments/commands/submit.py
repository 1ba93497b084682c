"""`huiyin submit`: one request."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.texts import text
from deployments.commands.answer import answer
from deployments.commands.options import ChannelOption, DistrictOption, JsonOption, PlaceOption, TextOption

ContactOption = Annotated[
    str | None, typer.Option("--contact-file", metavar="FILE|-", help=text("cli.submit.contact_file"))
]


def submit(
    *,
    district: DistrictOption,
    words: TextOption,
    place: PlaceOption = None,
    channel: ChannelOption = None,
    contact_file: ContactOption = None,
    as_json: JsonOption = False,
) -> None:
    given = {"district": district, "text": words, "place": place, "channel": channel}
    case_no, receipt_url = asyncio.run(_submit(given, contact_file))
    document = {"case_no": case_no, "receipt_url": receipt_url}
    answer(document, [text("cli.submit.received", case_no=case_no), receipt_url], as_json)


async def _submit(given: dict[str, Any], contact_file: str | None) -> tuple[str, str]:
    from deployments.office import open_office
    from ledger.intake import Contact, IntakeForm
    from ledger.links import Links
    from ledger.settings import settings

    contact = Contact.model_validate_json(_read(contact_file)) if contact_file else Contact()
    form = IntakeForm(**given, contact=contact)
    async with open_office(settings()) as office:
        case_no, _ = await office.receive(form)
        loaded = await office.ledger.cases.load(case_no)
    links = Links(office.ledger.keyring, office.settings.gateway_url)
    return case_no, links.citizen(case_no, loaded.case.received_at)


def _read(contact_file: str) -> str:
    """Personal data comes from a file or standard input: arguments are seen by everybody on the machine."""
    return sys.stdin.read() if contact_file == "-" else Path(contact_file).read_text(encoding="utf-8-sig")
