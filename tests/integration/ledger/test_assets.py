"""The register of things on both databases: by district and code, and what is written last holds."""

from casework.choosing import Asset
from ledger.ledger import Ledger

LID = Asset("JG-0012", "井盖", "water-affairs", "telecom", "翠湖路")
LAMP = Asset("LD-20001", "灯杆", None, "works")


async def test_the_first_code_that_is_registered_is_found(ledger: Ledger) -> None:
    await ledger.assets.put("pingshan", [LID, LAMP])
    assert await ledger.assets.first("pingshan", ["X-9999", "LD-20001", "JG-0012"]) == LAMP
    assert await ledger.assets.first("pingshan", ["JG-0012", "LD-20001"]) == LID
    assert await ledger.assets.first("pingshan", ["X-9999"]) is None
    assert await ledger.assets.first("pingshan", []) is None
    assert await ledger.assets.first("futian", ["JG-0012"]) is None


async def test_what_is_written_again_replaces(ledger: Ledger) -> None:
    await ledger.assets.put("pingshan", [LID, LAMP])
    changed = Asset("JG-0012", "雨水井", "works", None)
    await ledger.assets.put("pingshan", [changed])
    await ledger.assets.put("futian", [LID])
    await ledger.assets.put("futian", [])
    assert await ledger.assets.first("pingshan", ["JG-0012"]) == changed
    assert [await ledger.assets.count(district) for district in ("pingshan", "futian", "demo")] == [2, 1, 0]
