"""Every deployment that Prefect is to have, as `huiyin deploy` registers them and prefect.yaml lists them. Pure."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.districts import District
from catalog.texts import text
from engine.prefect_door import CHILD_FLOWS

POOL = "huiyin"
QUEUES = {"A": 1, "B": 2, "C": 3, "system": 4}  # name to priority
REQUEST = "flows.request.request"
RECONCILE = "flows.reconcile.reconcile"
RECONCILE_NAME = "huiyin"
DATA_QUALITY = "flows.data_quality.data_quality"
RETRAIN = "flows.retrain.retrain"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a deployment starts runs by itself, Shanghai time, and with which parameters of its own."""

    slug: str
    cron: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    timezone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Planned:
    """One deployment. The entrypoint is a module path: the code is imported where the worker runs, never pulled."""

    flow: str
    name: str
    entrypoint: str
    queue: str
    description: str
    tags: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    schedules: tuple[Schedule, ...] = ()
    district: str | None = None
    enforced: bool = True  # whether Prefect checks the parameters; it would not take a form that makes no sense

    @property
    def full_name(self) -> str:
        return f"{self.flow}/{self.name}"


def plan(districts: Iterable[District]) -> tuple[Planned, ...]:
    """A deployment a district, holding its policy, and the deployments of the system."""
    return (*(planned for district in districts for planned in _of_district(district)), *_of_the_system())


def _of_the_system() -> tuple[Planned, ...]:
    return (_reconcile(), _data_quality())


def _of_district(district: District) -> tuple[Planned, ...]:
    """A request's own run, those of parts and ownerships, which it makes, and the nightly lesson."""
    return (_request(district), *(_child(district, flow) for flow in CHILD_FLOWS), _retrain(district))


def _child(district: District, flow: str) -> Planned:
    return Planned(
        flow=flow,
        name=district.code,
        entrypoint=f"flows.{flow}.{flow}",
        queue="C",
        description=text(f"deploy.description.{flow}", district=district.name),
        tags=(f"district:{district.code}",),
    )


def _request(district: District) -> Planned:
    return Planned(
        flow="request",
        name=district.code,
        entrypoint=REQUEST,
        queue="C",  # a run's own grade decides; C is for a run that somebody starts by hand
        description=text("deploy.description.request", district=district.name),
        tags=(f"district:{district.code}", text("deploy.tag.policy")),
        parameters={"policy": district.policy.model_dump(mode="json")},
        district=district.code,
    )


def _retrain(district: District) -> Planned:
    return Planned(
        flow="retrain",
        name=district.code,
        entrypoint=RETRAIN,
        queue="system",
        description=text("deploy.description.retrain", district=district.name),
        tags=(f"district:{district.code}", text("deploy.tag.system")),
        parameters={"district": district.code},
        schedules=(Schedule("nightly", f"{_minute(district.code)} 2 * * *"),),
    )


def _minute(code: str) -> int:
    """Of the hour, the same each night and not the same for all: learning takes a core for a minute."""
    return zlib.crc32(code.encode()) % 60


def _reconcile() -> Planned:
    return Planned(
        flow="reconcile",
        name=RECONCILE_NAME,
        entrypoint=RECONCILE,
        queue="system",
        description=text("deploy.description.reconcile"),
        tags=(text("deploy.tag.system"),),
        schedules=(Schedule("each-minute", "* * * * *"), Schedule("nightly", "20 3 * * *", {"full": True})),
    )


def _data_quality() -> Planned:
    return Planned(
        flow="data-quality",
        name=RECONCILE_NAME,
        entrypoint=DATA_QUALITY,
        queue="system",
        description=text("deploy.description.data_quality"),
        tags=(text("deploy.tag.system"),),
        schedules=(
            Schedule("nightly", "50 3 * * 1-6"),
            Schedule("weekly", "50 3 * * 0", {"everything": True}),
        ),
    )
