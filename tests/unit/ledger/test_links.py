"""Links open one thing, for a time, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet

from ledger.links import CITIZEN_LIFE, BadLink, LinkExpired, Links, TaskLink
from ledger.secrets import Keyring

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
LINKS = Links(Keyring(Fernet.generate_key()), "https://example.org/")


def token(url: str) -> str:
    return url.split("/")[4]


def test_what_was_sealed_is_read() -> None:
    assert LINKS.read_citizen(token(LINKS.citizen("PS1", NOW)), NOW) == "PS1"
    url = LINKS.contact("PS1", "PS1-T1", "market", NOW)
    assert url.startswith("https://example.org/t/")
    assert url.endswith("/contact")
    assert LINKS.read_task(token(url), NOW) == TaskLink("PS1", "PS1-T1", "market")


def test_the_same_moment_gives_the_same_link() -> None:
    assert LINKS.citizen("PS1", NOW) == LINKS.citizen("PS1", NOW)


def test_a_link_expires() -> None:
    link = token(LINKS.citizen("PS1", NOW))
    assert LINKS.read_citizen(link, NOW + CITIZEN_LIFE) == "PS1"
    with pytest.raises(LinkExpired):
        LINKS.read_citizen(link, NOW + CITIZEN_LIFE + timedelta(seconds=1))


def test_no_link_opens_another_door() -> None:
    citizen, task = token(LINKS.citizen("PS1", NOW)), token(LINKS.task("PS1", "PS1-T1", "market", NOW))
    for read, link in ((LINKS.read_citizen, task), (LINKS.read_task, citizen)):
        with pytest.raises(BadLink):
            read(link, NOW)
    other = Links(Keyring(Fernet.generate_key()), "https://example.org")
    for forged in (citizen[:-1], citizen + "x", "", "….…", "a.b.c"):
        with pytest.raises(BadLink):
            LINKS.read_citizen(forged, NOW)
    with pytest.raises(BadLink):
        other.read_citizen(citizen, NOW)


def test_a_link_signed_before_a_rotation_opens_until_its_key_is_dropped() -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    before = token(Links(Keyring(old), "https://example.org").citizen("PS1", NOW))
    after = Links(Keyring(new, old), "https://example.org")
    assert after.read_citizen(before, NOW) == "PS1"
    assert token(after.citizen("PS1", NOW)) != before
    alone = Links(Keyring(new), "https://example.org")
    assert alone.read_citizen(token(after.citizen("PS1", NOW)), NOW) == "PS1"
    with pytest.raises(BadLink):
        alone.read_citizen(before, NOW)
