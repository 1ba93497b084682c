"""So many at once, so many a minute."""

from gateway.rate_limit import FORGET_ABOVE, RateLimit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_and_then_one_each_interval() -> None:
    clock = Clock()
    limit = RateLimit(6, clock)
    assert [limit.take("a") == 0 for _ in range(8)] == [True] * 6 + [False] * 2
    assert limit.take("b") == 0
    clock.now = 9.9
    assert 0 < limit.take("a") < 0.2
    clock.now = 10.0
    assert limit.take("a") == 0
    assert limit.take("a") > 9


def test_a_refusal_costs_nothing() -> None:
    clock = Clock()
    limit = RateLimit(1, clock)
    limit.take("a")
    for _ in range(100):
        limit.take("a")
    clock.now = 60.0
    assert limit.take("a") == 0


def test_who_has_been_quiet_is_forgotten() -> None:
    clock = Clock()
    limit = RateLimit(60, clock)
    for n in range(FORGET_ABOVE):
        limit.take(str(n))
    clock.now = 10.0
    limit.take("another")
    assert len(limit._full_at) == 1
