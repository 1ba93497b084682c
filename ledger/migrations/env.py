"""Alembic's entry: the connection is handed over by `ledger.migrate`, or made from the settings on the command line."""

from alembic import context
from sqlalchemy import Connection, create_engine

from ledger.migrate import sync_url
from ledger.settings import settings
from ledger.tables import Base


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with create_engine(sync_url(settings().ledger_url)).begin() as made:
        _run(made)
