"""The register of things with codes of their own: who owns each, who keeps it in order."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from casework.choosing import Asset
from ledger.database import Database
from ledger.tables import AssetRow


class Assets:
    """By district and code; a code written again replaces what was known of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first(self, district: str, codes: Sequence[str]) -> Asset | None:
        """The first of these codes that is registered there."""
        if not codes:
            return None
        wanted = select(AssetRow).where(AssetRow.district == district, AssetRow.code.in_(codes))
        async with self._database.read() as session:
            found = {row.code: row for row in await session.scalars(wanted)}
        row = next((found[code] for code in codes if code in found), None)
        return Asset(row.code, row.kind, row.owner, row.maintainer, row.place) if row else None

    async def put(self, district: str, assets: Sequence[Asset]) -> None:
        """Codes must differ. In one transaction: give some hundreds at a time."""
        if not assets:
            return
        now = await self._database.now()
        rows = [
            {
                "district": district,
                "code": asset.code,
                "kind": asset.kind,
                "owner": asset.owner,
                "maintainer": asset.maintainer,
                "place": asset.place,
                "updated_at": now,
            }
            for asset in assets
        ]
        insert = (sqlite if self._database.sqlite else postgresql).insert(AssetRow)
        anew = {name: insert.excluded[name] for name in ("kind", "owner", "maintainer", "place", "updated_at")}
        async with self._database.write() as session:
            await session.execute(insert.on_conflict_do_update(index_elements=["district", "code"], set_=anew), rows)

    async def count(self, district: str) -> int:
        wanted = select(func.count()).select_from(AssetRow).where(AssetRow.district == district)
        async with self._database.read() as session:
            return await session.scalar(wanted) or 0
