"""Numbers that rise by one, each given out once."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.tables import CounterRow


async def next_value(session: AsyncSession, name: str) -> int:
    """The next number of a counter, from 1, taken inside the caller's transaction."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(CounterRow).values(name=name, value=1)
    rising = statement.on_conflict_do_update(index_elements=["name"], set_={"value": CounterRow.value + 1})
    value: int = (await session.execute(rising.returning(CounterRow.value))).scalar_one()
    return value
