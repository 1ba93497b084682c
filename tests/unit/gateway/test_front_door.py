"""The log line."""

import pytest

from gateway.front_door import redacted


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/c/abc.def", "/c/***"),
        ("/c/abc.def/evaluate", "/c/***/evaluate"),
        ("/t/abc/contact", "/t/***/contact"),
        ("/api/cases/PS2026112200001", "/api/cases/PS2026112200001"),
        ("/x\n2026 INFO forged", "/x\\n2026 INFO forged"),
    ],
)
def test_a_link_is_left_out(path: str, shown: str) -> None:
    assert redacted(path) == shown
