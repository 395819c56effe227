from datetime import UTC, datetime

import time_machine

from coranto.kit.clock import now


@time_machine.travel(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), tick=False)
def test_now_is_aware_and_in_utc():
    assert now() == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert now().tzinfo is UTC
