"""Where a webhook may go: the name is resolved once, and the connection is made to that very address."""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass

import httpx

from ledger.errors import RetryNeverHelps


class AddressRefused(RetryNeverHelps):
    """The endpoint's address is not one that webhooks may be sent to."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL by address, with the name it stands for (`host` header, TLS name)."""

    url: str
    host: str
    sni: str


async def resolve(url: str, *, allow_private: bool) -> Target:
    """Look the host up once. Raises `AddressRefused` for private addresses unless they are allowed."""
    parsed = httpx.URL(url)
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise AddressRefused(f"{url} is no web address: connect the unit with an http(s) URL")
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(parsed.host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        raise AddressRefused(f"the name {parsed.host} cannot be resolved: check the endpoint's URL") from None
    address = ipaddress.ip_address(found[0][4][0])
    if not allow_private and not address.is_global:
        raise AddressRefused(f"{parsed.host} is a private address: set HUIYIN_ALLOW_PRIVATE_WEBHOOKS=1 to allow it")
    return Target(str(parsed.copy_with(host=str(address))), parsed.netloc.decode(), parsed.host)
