"""Everything that can happen has a name that people read."""

import pytest

from casework.events import Kind
from catalog.texts import text


@pytest.mark.parametrize("kind", list(Kind))
def test_every_event_has_its_words(kind: Kind) -> None:
    assert text(f"event.{kind}")
