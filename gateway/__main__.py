"""`python -m gateway`: serves on loopback; what faces the world is a proxy in front of it."""

import logging
import sys

import uvicorn

from catalog.marked import LoadError
from gateway.app import create_app
from ledger.city import City
from ledger.settings import settings


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("httpx", "alembic.runtime.migration"):  # a line for each wake says nothing new
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        city = City.of(settings())
    except LoadError as error:
        sys.exit(str(error))
    uvicorn.run(
        create_app(settings(), city=city),
        host="127.0.0.1",
        port=settings().gateway_port,
        access_log=False,  # it would write citizens' links; gateway.front_door logs them without
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main()
