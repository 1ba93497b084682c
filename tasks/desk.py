"""What every task needs at hand: the ledger, the city, the classifier, and this run's claim.

Opened when first asked for, once a process; nothing connects at import.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache

from learning.classifier import Classifier
from ledger.city import City
from ledger.ledger import Ledger
from ledger.links import Links
from ledger.settings import settings


@dataclass(frozen=True, slots=True)
class Claim:
    """The case this run may act on, the epoch its writes must name, and how far it had come when a step was chosen."""

    case_no: str
    epoch: int
    seq: int = 0


_claim: ContextVar[Claim] = ContextVar("claim")


@cache
def ledger() -> Ledger:
    return Ledger.of(settings())


@cache
def city() -> City:
    return City.of(settings())


@cache
def classifier() -> Classifier:
    return Classifier.from_catalogue(city().catalogue)


@cache
def links() -> Links:
    return Links(ledger().keyring, settings().gateway_url)


def hold(claim: Claim) -> None:
    """From here on this run's tasks act under the claim."""
    _claim.set(claim)


def held() -> Claim:
    return _claim.get()
