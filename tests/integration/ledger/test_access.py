"""Who may speak: endpoints with two live secrets, tokens that end, channel keys that stay."""

import asyncio
import base64
from datetime import timedelta

from sqlalchemy import text, update

from ledger.access import ROTATION, Badge, Endpoint
from ledger.ledger import Ledger
from ledger.tables import EndpointRow, TokenRow

URL = "https://cg.example.org/hook"


async def endpoint(ledger: Ledger) -> Endpoint:
    found = await ledger.access.endpoint("pingshan", "cg")
    assert found is not None
    return found


async def test_a_unit_has_no_endpoint_until_it_is_connected(ledger: Ledger) -> None:
    assert await ledger.access.endpoint("pingshan", "cg") is None
    secret = await ledger.access.connect("pingshan", "cg", URL)
    assert await endpoint(ledger) == Endpoint(URL, (secret,))
    assert await ledger.access.endpoint("pingshan", "sw") is None
    assert await ledger.access.endpoint("futian", "cg") is None


async def test_a_secret_is_one_of_standard_webhooks(ledger: Ledger) -> None:
    secret = await ledger.access.connect("pingshan", "cg", URL)
    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 24


async def test_while_secrets_rotate_two_are_good_the_newest_first(ledger: Ledger) -> None:
    secrets = [await ledger.access.connect("pingshan", "cg", f"{URL}/{n}") for n in range(3)]
    assert await endpoint(ledger) == Endpoint(f"{URL}/2", (secrets[2], secrets[1]))


async def test_after_a_day_only_the_newest_secret_is_good(ledger: Ledger) -> None:
    await ledger.access.connect("pingshan", "cg", URL)
    new = await ledger.access.connect("pingshan", "cg", URL)
    now = await ledger.now()
    async with ledger.database.write() as session:
        row = await session.get(EndpointRow, ("pingshan", "cg"))
        assert row is not None
        assert row.previous_until is not None
        assert timedelta(0) <= now + ROTATION - row.previous_until < timedelta(minutes=1)
        row.previous_until = now - timedelta(seconds=1)
    assert (await endpoint(ledger)).secrets == (new,)


async def test_connecting_at_once_leaves_two_good_secrets(ledger: Ledger) -> None:
    secrets = await asyncio.gather(*(ledger.access.connect("pingshan", "cg", URL) for _ in range(6)))
    good = (await endpoint(ledger)).secrets
    assert len(good) == 2
    assert set(good) <= set(secrets)


async def test_no_secret_is_stored_in_clear(ledger: Ledger) -> None:
    said = [
        await ledger.access.connect("pingshan", "cg", URL),
        await ledger.access.channel_key("pingshan", "app"),
        await ledger.access.token("dispatcher", "pingshan", None),
    ]
    async with ledger.database.read() as session:
        for table, column in (("endpoints", "secret"), ("channel_keys", "key"), ("tokens", "digest")):
            (stored,) = await session.scalars(text(f"select {column} from {table}"))
            stored = stored if isinstance(stored, bytes) else stored.encode()
            assert not [secret for secret in said if secret.encode() in stored]


async def test_a_new_connection_forgets_what_was_wrong_with_the_old_one(ledger: Ledger) -> None:
    await ledger.access.connect("pingshan", "cg", URL)
    receiver = await ledger.receivers.of("pingshan", "cg")
    assert receiver is not None
    for _ in range(5):
        await ledger.receivers.failed(receiver)
    await ledger.receivers.gone(receiver)
    for kind in ("unit_unreachable", "unit_refuses", "unit_gone"):
        await ledger.alerts.raise_(kind, receiver.name, "看一看")
    await ledger.access.connect("pingshan", "cg", f"{URL}/new")
    now = await ledger.receivers.of("pingshan", "cg")
    assert now is not None
    assert (now.endpoint.url, now.failures, now.rests_until, now.gone) == (f"{URL}/new", 0, None, False)
    assert await ledger.alerts.open() == []


# Channels


async def test_a_channels_key_stays(ledger: Ledger) -> None:
    key = await ledger.access.channel_key("pingshan", "app")
    assert await ledger.access.channel_key("pingshan", "app") == key
    assert (
        len({key, await ledger.access.channel_key("pingshan", "web"), await ledger.access.channel_key("futian", "app")})
        == 3
    )


async def test_a_channels_key_asked_for_by_many_at_once_is_one(ledger: Ledger) -> None:
    assert len(set(await asyncio.gather(*(ledger.access.channel_key("pingshan", "app") for _ in range(10))))) == 1


async def test_a_key_opens_its_own_channel_alone(ledger: Ledger) -> None:
    key = await ledger.access.channel_key("pingshan", "app")
    await ledger.access.channel_key("pingshan", "web")
    assert await ledger.access.channel_of("pingshan", "app", key)
    for district, channel, given in (
        ("pingshan", "web", key),
        ("futian", "app", key),
        ("pingshan", "app", key[:-1]),
        ("pingshan", "app", ""),
        ("pingshan", "app", "钥匙"),
    ):
        assert not await ledger.access.channel_of(district, channel, given)


# Tokens


async def test_a_token_says_who_holds_it(ledger: Ledger) -> None:
    token = await ledger.access.token("street", "pingshan", "street-longtian")
    badge = await ledger.access.badge(token)
    assert badge is not None
    assert badge == Badge("street", "pingshan", "street-longtian", badge.name)
    assert badge.name
    assert badge.name not in token
    assert len({token, await ledger.access.token("street", "pingshan", "street-longtian")}) == 2


async def test_an_unknown_token_is_nobodys(ledger: Ledger) -> None:
    token = await ledger.access.token("admin", None, None)
    for given in ("", "hy_", token[:-1], token + "x", token.upper()):
        assert await ledger.access.badge(given) is None


async def test_a_token_expires(ledger: Ledger) -> None:
    assert await ledger.access.badge(await ledger.access.token("admin", None, None, timedelta(0))) is None
    token = await ledger.access.token("admin", None, None, timedelta(hours=1))
    assert await ledger.access.badge(token) is not None
    async with ledger.database.write() as session:
        await session.execute(update(TokenRow).values(expires_at=await ledger.now() - timedelta(seconds=1)))
    assert await ledger.access.badge(token) is None


async def test_a_revoked_token_is_nobodys(ledger: Ledger) -> None:
    token, other = [await ledger.access.token("admin", None, None) for _ in range(2)]
    badge = await ledger.access.badge(token)
    assert badge is not None
    async with ledger.database.write() as session:
        mine = TokenRow.digest.startswith(badge.name)
        await session.execute(update(TokenRow).where(mine).values(revoked_at=await ledger.now()))
    assert await ledger.access.badge(token) is None
    assert await ledger.access.badge(other) is not None
