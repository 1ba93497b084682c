"""The environment that our stack gives to Prefect's server and to its workers, each setting with its reason.

Names and defaults are those of Prefect 3.8.8; a test asks Prefect's own settings for each.
"""

from __future__ import annotations

from pathlib import Path

PLAIN_HTTP_CERTIFICATE = Path(__file__).with_name("plain_http.pem")


def prefect_environment(home: Path, port: int, database_url: str | None = None) -> dict[str, str]:
    """Variables for a server on loopback at `port`, and for workers and commands that talk to it.

    `home` is the data folder (absolute or not); the database is SQLite in `home/prefect.db` unless an SQLAlchemy
    async URL is given. Creates nothing.
    """
    home = home.absolute()
    origin = f"http://127.0.0.1:{port}"
    return {
        "PREFECT_HOME": str(home / "prefect"),  # profiles, memo files: not in the user's own ~/.prefect
        "PREFECT_API_URL": f"{origin}/api",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",  # Prefect's own default profile would start a server of its own
        "PREFECT_UI_URL": origin,  # links in logs
        **_server(port, origin),
        **_database(database_url or f"sqlite+aiosqlite:///{home / 'prefect.db'}"),
        **_services(),
        **_client(),
        **_silence(),
    }


def _server(port: int, origin: str) -> dict[str, str]:
    return {
        "PREFECT_SERVER_API_HOST": "127.0.0.1",  # one shared password and no users: never outside this machine
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_API_URL": f"{origin}/api",  # the UI looks for the API at port 4200 unless told
        "PREFECT_SERVER_UI_V2_ENABLED": "true",  # V1's graph drops Chinese characters; holds until a browser chooses
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    }


def _database(url: str) -> dict[str, str]:
    return {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": url,
        # On SQLite Prefect itself waits 60 s for a lock; on PostgreSQL a statement has this long (default 10).
        "PREFECT_SERVER_DATABASE_TIMEOUT": "30",
        "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "15",  # two busy cores answer late (default 5)
    }


def _services() -> dict[str, str]:
    services = "PREFECT_SERVER_SERVICES_"
    return {
        services + "PAUSE_EXPIRATIONS_ENABLED": "false",  # reads every paused run each 5 s; our pauses do not expire
        services
        + "LATE_RUNS_AFTER_SECONDS": "60",  # a queue of wakes is not late after 15 s; marking costs a write each
        services + "CANCELLATION_CLEANUP_CANCELLING_TIMEOUT_SECONDS": "30",  # no process to wait for (default 300)
        services + "CANCELLATION_CLEANUP_LOOP_SECONDS": "60",  # each turn reads every open child run (default 20)
        services + "DB_VACUUM_ENABLED": "events,flow_runs,orphans",  # ended runs only; the ledger is the record
        services + "DB_VACUUM_RETENTION_PERIOD": "P90D",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P3D",  # ISO 8601 alone; a dozen events a wake, and no audit log
    }


def _client() -> dict[str, str]:
    return {
        "PREFECT_WORKER_QUERY_SECONDS": "1",  # a wake must not wait ten seconds to be seen
        "PREFECT_WORKER_PREFETCH_SECONDS": "0",  # a run taken early would hold a hand of the worker until it is due
        # Every client builds a TLS context, used or not: 30 ms with all authorities of the world, 1 ms with one.
        # Prefect's API alone, and plain http here, so nothing is trusted by it.
        "PREFECT_API_SSL_CERT_FILE": str(PLAIN_HTTP_CERTIFICATE),
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",  # one request for each client; the server has it off
        "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",  # a step is repeated or not by the ledger's keys, never by a cache
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",  # what a step finds out belongs in the ledger, not in files
    }


def _silence() -> dict[str, str]:
    return {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # the server's
        "DO_NOT_TRACK": "1",  # the client library's; it asks no setting of Prefect's
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",  # spans nobody collects
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    }
