"""What every task needs at hand: the ledger, the city, what has been learnt, and this run's claim.

Opened when first asked for, once a process; nothing connects at import.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from threading import Lock

from prefect.logging import get_logger

from casework.strands import MAIN
from catalog.answers import KnowledgeBase
from learning.answering import Answerer, complaints, unsettled
from learning.classifier import Classifier
from learning.duplicates import Duplicates
from learning.in_use import ModelsInUse
from learning.trained import Judge
from ledger.alarms import Alarms
from ledger.city import City
from ledger.claims import Claims
from ledger.ledger import Ledger
from ledger.links import Links
from ledger.settings import settings


@dataclass(frozen=True, slots=True)
class Claim:
    """The case this run may act on, the epoch its writes must name, and what it had come to when a step was chosen:
    how many events (`seq`), and how many calls from outside (`calls`). `strand`: which strand of the case it carries.
    """

    case_no: str
    epoch: int
    seq: int = 0
    calls: int = 0
    strand: str = MAIN

    @property
    def child_id(self) -> str | None:
        """The name of a part or an ownership; None for the request's own run."""
        return child_id(self.case_no, self.strand) if self.strand else None

    @property
    def key(self) -> str:
        """By what it is claimed and woken."""
        return self.child_id or self.case_no


_claim: ContextVar[Claim] = ContextVar("claim")
_LEARNING = Lock()


@cache
def ledger() -> Ledger:
    return Ledger.of(settings())


@cache
def city() -> City:
    return City.of(settings())


@cache
def catalogue_classifier() -> Classifier:
    """What the catalogue's own texts teach."""
    return Classifier.from_catalogue(city().catalogue)


def answerer(district: str) -> Answerer:
    """What the district answers at once. To learn it takes seconds the first time: to be called from a thread, and
    whoever comes meanwhile waits rather than learns it too.
    """
    with _LEARNING:
        return _answerer(city().knowledge[district])


@cache
def _answerer(knowledge: KnowledgeBase) -> Answerer:
    """Districts without answers of their own share one."""
    return Answerer.of(knowledge, (*complaints(city().catalogue), *unsettled()))


@cache
def duplicates() -> Duplicates:
    return Duplicates.from_catalogue(city().catalogue)


@cache
def models() -> ModelsInUse:
    return ModelsInUse(settings().models_folder, city().catalogue.version, catalogue_classifier, _unfit)


def classifier(district: str) -> Judge:
    """The district's model in use; one that has taken its place since the last request is loaded."""
    return models().of(district).judge


@cache
def links() -> Links:
    return Links(ledger().keyring, settings().gateway_url)


def child_id(case_no: str, strand: str) -> str:
    """A child run's name in the ledger."""
    return f"{case_no}-{strand}"


def claims(strand: str) -> Claims:
    """Where this strand's run is claimed."""
    return ledger().child_claims if strand else ledger().claims


def alarms(strand: str) -> Alarms:
    """By what this strand's run is woken."""
    return ledger().child_alarms if strand else ledger().alarms


def hold(claim: Claim) -> None:
    """From here on this run's tasks act under the claim."""
    _claim.set(claim)


def held() -> Claim:
    return _claim.get()


def _unfit(why: str) -> None:
    get_logger("huiyin.models").warning("%s", why)
