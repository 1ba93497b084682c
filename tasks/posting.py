"""One signed message posted to a unit's endpoint: a few quick tries, and never longer than so many seconds in all."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import cycle
from ssl import SSLContext

import httpx
from standardwebhooks import Webhook
from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_attempt, wait_exponential_jitter

from casework.delivering import NOT_ASKED, Hope
from catalog.texts import text
from tasks.addresses import AddressRefused, NameUnknown, Target, resolve
from tasks.outcomes import Failed, Outcome, Sent

WEBHOOK = "webhook"
COME_AGAIN = frozenset({408, 425, 429})  # like 5xx: the same message may be taken in a moment
LONGEST_ASKED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call may take, in seconds: in all, to connect, and before a quick try is not quick any more."""

    whole: float = 10.0
    connect: float = 3.0
    tries: int = 3
    quick: float = 2.0


PATIENCE = Patience()
_quick_pause = wait_exponential_jitter(multiplier=0.2, max=PATIENCE.quick, jitter=0.3)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is posted, where to, under which `webhook-id`, signed with each secret that is live."""

    url: str
    key: str
    body: str
    secrets: tuple[str, ...]
    at: datetime


async def post(parcel: Parcel, *, allow_private: bool) -> Outcome:
    """Sent, or why not. The answer's body is never read: an endpoint cannot hold us with it."""
    try:
        async with asyncio.timeout(PATIENCE.whole):
            target = await resolve(parcel.url, allow_private=allow_private)
            return await _tried(target, parcel)
    except TimeoutError:
        return Failed(text("delivery.too_slow", seconds=PATIENCE.whole))
    except NameUnknown as unknown:
        return Failed(str(unknown))
    except AddressRefused as refused:
        return Failed(str(refused), Hope.REFUSED)


async def _tried(target: Target, parcel: Parcel) -> Outcome:
    urls, headers = cycle(target.urls), _headers(target, parcel)
    limits = httpx.Timeout(None, connect=PATIENCE.connect)  # the whole call has its own limit
    async with httpx.AsyncClient(timeout=limits, follow_redirects=False, trust_env=False, verify=_tls()) as client:

        async def once() -> Outcome:
            extensions = {"sni_hostname": target.sni}
            content = parcel.body.encode()
            try:
                async with client.stream(
                    "POST", next(urls), content=content, headers=headers, extensions=extensions
                ) as answer:
                    return _judged(answer, parcel.at)
            except httpx.TransportError as error:
                return Failed(text("delivery.no_answer", error=type(error).__name__))

        quickly = AsyncRetrying(
            stop=stop_after_attempt(PATIENCE.tries),
            wait=_pause,
            retry=retry_if_result(_helps),
            retry_error_callback=_last,
        )
        outcome: Outcome = await quickly(once)
        return outcome


def _headers(target: Target, parcel: Parcel) -> dict[str, str]:
    signatures = (Webhook(secret).sign(parcel.key, parcel.at, parcel.body) for secret in parcel.secrets)
    return {
        "content-type": "application/json",
        "host": target.host,
        "user-agent": "huiyin",
        "webhook-id": parcel.key,
        "webhook-timestamp": str(int(parcel.at.timestamp())),
        "webhook-signature": " ".join(signatures),  # while secrets rotate, the unit may still know the old one
    }


def _judged(answer: httpx.Response, now: datetime) -> Outcome:
    status = answer.status_code
    if answer.is_success:
        return Sent(WEBHOOK)
    if status == httpx.codes.GONE:
        return Failed(text("delivery.gone"), Hope.NONE, status=status)
    if status in COME_AGAIN or answer.is_server_error:
        asked = asked_for(answer.headers.get("retry-after", ""), now)
        return Failed(text("delivery.answered", status=status), asked=asked, status=status)
    key = "delivery.redirected" if answer.is_redirect else "delivery.refused"
    return Failed(text(key, status=status), Hope.REFUSED, status=status)


def asked_for(written: str, now: datetime) -> timedelta:
    """A Retry-After header, in seconds or as a date: no longer than an hour, nothing where it makes no sense."""
    written = written.strip()
    if written.isascii() and written.isdecimal():
        seconds = timedelta(seconds=min(int(written[:9]), LONGEST_ASKED.total_seconds()))
        return seconds if len(written) <= 9 else LONGEST_ASKED
    try:
        at = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return NOT_ASKED
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, NOT_ASKED), LONGEST_ASKED)


def _helps(outcome: Outcome) -> bool:
    """Whether the same message may be taken in a moment."""
    return (
        isinstance(outcome, Failed) and outcome.hope is Hope.PASSING and outcome.asked.total_seconds() <= PATIENCE.quick
    )


def _pause(state: RetryCallState) -> float:
    asked = _last(state)
    floor = asked.asked.total_seconds() if isinstance(asked, Failed) else 0.0
    return max(_quick_pause(state), floor)


def _last(state: RetryCallState) -> Outcome:
    assert state.outcome is not None, "tenacity asks only after a try"
    outcome: Outcome = state.outcome.result()
    return outcome


@cache
def _tls() -> SSLContext:
    """Made once: each costs 20 to 40 ms."""
    return httpx.create_ssl_context(trust_env=False)
