"""The environment, read in this one file (CONTRACT, Environment)."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What a process needs to know of where it runs. Every value has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="HUIYIN_", extra="ignore", frozen=True)

    home: Path = Path(".data")
    database_url: str = ""
    key_file: Path | None = None
    root_file: Path | None = None
    gateway_port: int = 8000
    prefect_port: int = 4200
    districts: Path = ROOT / "deployments" / "districts"
    allow_private_webhooks: bool = False
    public_url: str = ""
    worker_limit: int = Field(default=8, ge=1)
    pool_type: Literal["huiyin-resident", "process"] = "huiyin-resident"
    anonymous_per_minute: int = Field(default=60, ge=1)
    prefect_api_url: str = Field(default="", validation_alias="PREFECT_API_URL")
    prefect_auth: str = Field(default="", validation_alias="PREFECT_API_AUTH_STRING", repr=False)

    @property
    def ledger_url(self) -> str:
        """An async SQLAlchemy URL: the given one, or the SQLite file in `home`."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.home.absolute() / 'ledger.db'}"
        scheme, separator, rest = self.database_url.partition("://")
        drivers = {"postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}
        return f"{drivers.get(scheme, scheme)}{separator}{rest}"

    @property
    def master_key_file(self) -> Path:
        """The key file stands apart from the data it opens: beside the home folder, not in it."""
        home = self.home.absolute()
        return self.key_file or home.with_name(f"{home.name}.key")

    @property
    def roots_file(self) -> Path:
        """Where the daily roots are written: best on another disk than the ledger's, or copied away each day."""
        return self.root_file or self.home.absolute() / "roots.jsonl"

    @property
    def models_folder(self) -> Path:
        """Where each district's models are kept, a folder a district."""
        return self.home.absolute() / "models"

    @property
    def prefect_url(self) -> str:
        return self.prefect_api_url or f"http://127.0.0.1:{self.prefect_port}/api"

    @property
    def gateway_url(self) -> str:
        """Where citizens and units reach the gateway; links are made from it."""
        return (self.public_url or f"http://127.0.0.1:{self.gateway_port}").rstrip("/")


@lru_cache
def settings() -> Settings:
    """The process's settings, read once, when first asked for."""
    return Settings()
