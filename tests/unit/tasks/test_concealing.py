"""Errors that are not ours lose their words on the way out of a step."""

import httpx
import pytest

from casework.errors import BadAct
from ledger.errors import NoSuchCase
from tasks.concealing import Concealed, ConcealedForNow, concealed, kind_of
from tasks.retrying import may_pass

WORDS = "张三 13826173945"


async def failing(error: Exception) -> Exception:
    """How an error comes out of a step that raises it while it has another one at hand."""

    @concealed
    async def step() -> None:
        try:
            {}[WORDS]
        except KeyError as first:
            raise error from first

    with pytest.raises(Exception) as caught:  # noqa: PT011  which, the tests look at
        await step()
    return caught.value


@pytest.mark.parametrize("error", [NoSuchCase("PS1"), BadAct("days", "must be between 1 and 5 working days")])
async def test_ours_pass_as_they_are(error: Exception) -> None:
    assert await failing(error) is error


async def test_any_other_says_only_its_kind_and_where_it_was() -> None:
    caught = await failing(ValueError(WORDS))
    assert type(caught) is Concealed
    assert (caught.__context__, caught.__cause__) == (None, None)
    assert WORDS not in f"{caught!r} {caught.__dict__}"
    assert "ValueError at test_concealing.py:" in str(caught)
    assert kind_of(caught) == "ValueError"
    assert not may_pass(caught)


async def test_what_may_pass_may_pass_still() -> None:
    caught = await failing(httpx.ConnectError(WORDS))
    assert type(caught) is ConcealedForNow
    assert may_pass(caught)
    assert kind_of(caught) == "ConnectError"


async def test_what_a_step_answers_is_answered() -> None:
    @concealed
    async def step(number: int) -> int:
        return number + 1

    assert await step(1) == 2
    assert step.__name__ == "step"
