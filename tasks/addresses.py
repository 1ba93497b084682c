"""Where a webhook may go: the name is resolved once, every address is looked at, and the connection is made to one."""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from ledger.errors import RetryHelps, RetryNeverHelps

Address = IPv4Address | IPv6Address
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: how an IPv6-only network names the IPv4 world
CLOUD_METADATA = frozenset({ip_address("100.100.100.200"), ip_address("fd00:ec2::254")})  # Alibaba's and Amazon's
LONGEST_URL = 2000


class AddressRefused(RetryNeverHelps):
    """The endpoint's address is not one that webhooks may be sent to."""


class NeverAllowed(AddressRefused):
    """No setting allows it: the URL itself must be another."""


class NameUnknown(RetryHelps):
    """The name server does not know the endpoint's name, or does not answer."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL by address, one for each address of its name, with the name it stands for (`host` header, TLS name)."""

    urls: tuple[str, ...]
    host: str
    sni: str


async def resolve(url: str, *, allow_private: bool) -> Target:
    """Look the host up once. One bad address refuses the name: whoever mixes them means no good.

    Raises `AddressRefused`, `NameUnknown`.
    """
    parsed = parse(url)
    addresses = _written(parsed.host) or await _looked_up(parsed.host, parsed.port or 0)
    for address in addresses:
        _check(parsed.host, address, allow_private=allow_private)
    urls = tuple(str(parsed.copy_with(host=str(address))) for address in addresses)
    return Target(urls, parsed.netloc.decode(), parsed.host)


def parse(url: str) -> httpx.URL:
    """The URL, if a webhook could ever be sent there. Raises `NeverAllowed`."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise NeverAllowed(f"{url[:100]} is no web address ({error}): connect the unit with an http(s) URL") from None
    port_fits = parsed.port is None or 0 < parsed.port < 65536
    if parsed.scheme not in ("http", "https") or not parsed.host or not port_fits or len(url) > LONGEST_URL:
        raise NeverAllowed(f"{url[:100]} is no web address: connect the unit with an http(s) URL")
    if parsed.userinfo:
        raise NeverAllowed("the URL holds a name or password: webhooks are signed, connect the unit without them")
    return parsed


def _written(host: str) -> tuple[Address, ...]:
    """The address that stands in the URL itself: nothing to look up, and no thread to look it up in."""
    try:
        return (_address(host),)
    except ValueError:
        return ()


async def _looked_up(name: str, port: int) -> tuple[Address, ...]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise NameUnknown(f"the name {name} cannot be resolved: check the endpoint's URL") from None
    return tuple(dict.fromkeys(_address(each[4][0]) for each in found))


def _address(found: object) -> Address:
    """As the resolver found it; an IPv4 address in IPv6 clothes is an IPv4 address."""
    address = ip_address(str(found).partition("%")[0])
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _check(host: str, address: Address, *, allow_private: bool) -> None:
    """Raises `AddressRefused` unless the address, and whatever address is hidden in it, may be sent to."""
    for each in (address, *_hidden(address)):
        if _never(each):
            raise NeverAllowed(f"{host} has the address {address}, where no unit can be: give the unit another URL")
        if not allow_private and not each.is_global:
            raise AddressRefused(f"{host} is a private address: set HUIYIN_ALLOW_PRIVATE_WEBHOOKS=1 to allow it")


def _never(address: Address) -> bool:
    """Nobody's endpoint: everybody, nobody, this link alone (where clouds keep their metadata), not yet given out."""
    if address in CLOUD_METADATA or address.is_unspecified or address.is_multicast or address.is_link_local:
        return True
    if isinstance(address, IPv4Address):
        return address.is_reserved or int(address) >> 24 == 0  # 0.0.0.0/8 is this machine by another name
    known = address.is_loopback or address in NAT64
    return address.is_site_local or (address.is_reserved and not known)


def _hidden(address: Address) -> tuple[Address, ...]:
    """The IPv4 addresses that an IPv6 address leads to: 6to4, Teredo, NAT64."""
    if isinstance(address, IPv4Address):
        return ()
    behind = IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None
    return tuple(each for each in (address.sixtofour, *(address.teredo or ()), behind) if each is not None)
