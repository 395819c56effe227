from __future__ import annotations

import asyncio
import re
import time

from fake_app import Edge, run, until

from coranto.delivery.edge import metrics
from coranto.delivery.edge.metrics import Lag, write_metrics


def test_every_metric_is_explained_and_reads_as_prometheus_expects(tmp_path):
    edge = Edge(tmp_path)

    async def scenario():
        async with edge:
            gateway = edge.gateway
            text = write_metrics(store=gateway.store, app=gateway.app, counters=gateway.counters, lag=0.0015).decode()
            names = re.findall(r"^# TYPE (coranto_edge_[a-z_]+) (?:counter|gauge)$", text, re.MULTILINE)
            assert re.findall(r"^# HELP (\S+) \S.*\.$", text, re.MULTILINE) == names
            assert re.findall(r"^(coranto_\S+) [0-9.]+$", text, re.MULTILINE) == names
            assert len(text.splitlines()) == 3 * len(names)
            assert "\ncoranto_edge_event_loop_lag_seconds 0.001500\n" in text

    run(scenario())


def test_an_event_loop_that_was_held_up_shows(monkeypatch):
    monkeypatch.setattr(metrics, "MEASURED_EVERY", 0.01)

    async def scenario():
        lag = Lag()
        lag.start()
        time.sleep(0.1)  # noqa: ASYNC251 - that is what is to show
        await asyncio.sleep(0)
        await until(lambda: lag.seconds > 0.05)
        lag.stop()

    run(scenario())
