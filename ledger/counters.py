"""Numbers that rise by one, each given out once."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.tables import CounterRow


async def next_value(session: AsyncSession, name: str) -> int:
    """The next number of a counter, from 1, taken inside the caller's transaction."""
    return await next_values(session, name, 1)


async def next_values(session: AsyncSession, name: str, n: int) -> int:
    """The first of the next `n` numbers of a counter, from 1, all taken inside the caller's transaction."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(CounterRow).values(name=name, value=n)
    rising = statement.on_conflict_do_update(index_elements=["name"], set_={"value": CounterRow.value + n})
    last: int = (await session.execute(rising.returning(CounterRow.value))).scalar_one()
    return last - n + 1
