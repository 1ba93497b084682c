"""Our environment against Prefect's own settings: a name it does not know would be ignored in silence."""

from pathlib import Path

import pytest
from prefect.settings.models.root import Settings
from pydantic import BaseModel

from deployments.prefect_environment import prefect_environment

NOT_PREFECTS_SETTINGS = {"DO_NOT_TRACK"}  # read by its analytics directly


def known_names(model: type[BaseModel], prefix: str) -> set[str]:
    """Every variable's name under Prefect's rule: the path of the field, in capitals."""
    names: set[str] = set()
    for name, field in model.model_fields.items():
        path = f"{prefix}_{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names |= known_names(field.annotation, path)
        else:
            names.add(path)
    return names


def test_prefect_knows_every_name(tmp_path: Path) -> None:
    known = known_names(Settings, "PREFECT")
    assert len(known) > 150
    assert set(prefect_environment(tmp_path, 4321)) - NOT_PREFECTS_SETTINGS <= known


def test_prefect_accepts_every_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in prefect_environment(tmp_path, 4321).items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.api.url == "http://127.0.0.1:4321/api"
    assert settings.server.ui.api_url == settings.api.url
    assert settings.server.ui.v2_enabled
    assert not settings.server.analytics_enabled
    assert not settings.server.services.pause_expirations.enabled
    assert settings.server.services.db_vacuum.enabled_vacuum_types == {"events", "flow_runs", "orphans"}
    assert settings.server.events.retention_period.days == 3
    assert (settings.worker.query_seconds, settings.worker.prefetch_seconds) == (1, 0)
    assert settings.home == tmp_path / "prefect"


def test_sqlite_in_the_home_folder_unless_told_otherwise(tmp_path: Path) -> None:
    name = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
    assert prefect_environment(tmp_path, 1)[name] == f"sqlite+aiosqlite:///{tmp_path}/prefect.db"
    url = "postgresql+asyncpg://somebody@127.0.0.1/prefect"
    assert prefect_environment(tmp_path, 1, url)[name] == url


def test_the_certificate_file_is_one_a_client_can_read(tmp_path: Path) -> None:
    import ssl

    context = ssl.create_default_context(cafile=prefect_environment(tmp_path, 1)["PREFECT_API_SSL_CERT_FILE"])
    assert context.cert_store_stats()["x509"] == 1
