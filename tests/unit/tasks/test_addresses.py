"""Where a webhook may go: every address of the name is looked at, in whatever clothes, and looked up once."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from tasks.addresses import AddressRefused, NameUnknown, NeverAllowed, parse, resolve

Answer = Callable[..., None]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> tuple[Answer, list[str]]:
    """`answer(addresses)`: what the name server says to whatever it is asked; and what it was asked."""
    asked: list[str] = []

    def say(*addresses: str) -> None:
        def getaddrinfo(host: str, port: int, *args: object, **kwargs: object) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return say, asked


PRIVATE = [
    "127.0.0.1",
    "127.8.9.1",
    "::1",
    "10.1.2.3",
    "172.16.0.9",
    "192.168.1.1",
    "100.64.0.7",  # carrier-grade NAT
    "198.18.0.1",
    "fd12:3456::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "2002:0a00:0001::",  # 6to4 of 10.0.0.1
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",  # Teredo of 10.0.0.1
    "64:ff9b::192.168.1.1",  # NAT64
    "64:ff9b::7f00:1",
]
NEVER = [
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "169.254.169.254",  # where clouds keep their metadata
    "169.254.1.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "100.100.100.200",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "224.0.0.1",
    "224.0.1.1",
    "ff02::1",
    "ff0e::1",
    "255.255.255.255",
    "240.0.0.1",
    "::127.0.0.1",
    "64:ff9b:1::7f00:1",
]
PUBLIC = ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_private_address_needs_to_be_allowed(address: str, answer: Any) -> None:
    answer[0](address)
    with pytest.raises(AddressRefused, match="private") as refused:
        await resolve("https://unit.example.org/hook", allow_private=False)
    assert not isinstance(refused.value, NeverAllowed)
    assert (await resolve("https://unit.example.org/hook", allow_private=True)).host == "unit.example.org"


@pytest.mark.parametrize("allow_private", [False, True])
@pytest.mark.parametrize("address", NEVER)
async def test_where_no_unit_can_be_nothing_is_ever_sent(address: str, allow_private: bool, answer: Any) -> None:
    answer[0](address)
    with pytest.raises(NeverAllowed, match="another URL"):
        await resolve("http://unit.example.org/", allow_private=allow_private)


@pytest.mark.parametrize("address", PUBLIC)
async def test_a_public_address_is_taken(address: str, answer: Any) -> None:
    answer[0](address)
    target = await resolve("https://unit.example.org:8443/hook?a=1", allow_private=False)
    bare = address.removeprefix("::ffff:")
    shown = f"[{bare}]" if ":" in bare else bare
    assert target.urls == (f"https://{shown}:8443/hook?a=1",)
    assert (target.host, target.sni) == ("unit.example.org:8443", "unit.example.org")


@pytest.mark.parametrize("bad", ["10.0.0.1", "::1", "169.254.169.254"])
@pytest.mark.parametrize("bad_first", [True, False])
async def test_one_bad_address_refuses_the_name(bad: str, bad_first: bool, answer: Any) -> None:
    answer[0](*((bad, "93.184.216.34") if bad_first else ("93.184.216.34", bad)))
    with pytest.raises(AddressRefused):
        await resolve("https://unit.example.org/", allow_private=False)


async def test_a_name_is_looked_up_once_and_all_its_addresses_may_be_tried(answer: Any) -> None:
    say, asked = answer
    say("2606:2800:220:1::1", "93.184.216.34", "93.184.216.34")
    target = await resolve("https://unit.example.org/", allow_private=False)
    assert asked == ["unit.example.org"]
    assert target.urls == ("https://[2606:2800:220:1::1]/", "https://93.184.216.34/")


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "127.0.0.1"])
async def test_other_spellings_of_this_machine_are_seen_through(host: str) -> None:
    with pytest.raises(AddressRefused):
        await resolve(f"http://{host}:9/", allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://unit.example.org/",
        "file:///etc/passwd",
        "gopher://unit.example.org/",
        "unit.example.org",
        "http://",
        "http:///hook",
        "https://user:secret@unit.example.org/",
        "https://user@unit.example.org/",
        "http://[::1/",
        "http://unit.example.org:99999/",
        "http://unit.example.org:0/",
        "http://\x00/",
        "https://unit.example.org/" + "a" * 2000,
        "",
    ],
)
def test_what_is_no_url_for_a_webhook_is_told(url: str) -> None:
    with pytest.raises(NeverAllowed) as told:
        parse(url)
    assert "secret" not in str(told.value)
    assert len(str(told.value)) < 250


async def test_a_name_that_nobody_knows_may_be_known_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(NameUnknown, match=r"unit\.example\.org"):
        await resolve("https://unit.example.org/", allow_private=False)
