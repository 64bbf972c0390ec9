"""Metrics for Prometheus: read from the state when they are asked for, counted nowhere else."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from mock_server.edge.asgi import Endpoint
from mock_server.edge.control.streams import Streams
from mock_server.edge.mock import Mock

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric


class Metrics:
    """The metrics of one server; its registry is its own, so that servers share no numbers."""

    def __init__(self, mock: Mock, endpoint: Endpoint, streams: Streams) -> None:
        self._mock = mock
        self._endpoint = endpoint
        self._streams = streams

    @cached_property
    def registry(self) -> "CollectorRegistry":
        """The registry, made when the metrics are first asked for."""
        from prometheus_client import CollectorRegistry, ProcessCollector

        registry = CollectorRegistry()
        registry.register(self)
        ProcessCollector(registry=registry)
        return registry

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        from prometheus_client import generate_latest

        return generate_latest(self.registry)

    def collect(self) -> "Iterator[Metric]":
        """The metrics as they are now (called by the registry)."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        yield self._about()
        for name, text, number in self._sums():
            yield CounterMetricFamily(f"safelight_{name}", text, value=number)
        for name, text, number in self._levels():
            yield GaugeMetricFamily(f"safelight_{name}", text, value=number)
        tasks = GaugeMetricFamily("safelight_tasks", "Tasks that are kept.", labels=["phase"])
        for phase, count in sorted(self._phases().items()):
            tasks.add_metric([phase], count)
        yield tasks

    def _about(self) -> "Metric":
        from prometheus_client.core import InfoMetricFamily

        facts = {"profile": self._mock.contract.name, "version": version("safelight")}
        return InfoMetricFamily("safelight_server", "What is being served.", value=facts)

    def _sums(self) -> Iterator[tuple[str, str, int]]:
        gone = self._mock.gone
        totals = replace(gone)
        for session in self._mock.sessions:
            totals.add(session.world)
        yield "calls", "Calls answered, over all sessions.", totals.calls
        yield "submits", "Tasks accepted, over all sessions.", totals.submitted
        yield "uploads", "Files accepted, over all sessions.", totals.uploaded
        yield "journal_dropped", "Journal entries that had to make room.", totals.dropped

    def _levels(self) -> Iterator[tuple[str, str, int]]:
        worlds = [session.world for session in self._mock.sessions]
        journals = [world.journal for world in worlds]
        yield "sessions", "Sessions.", len(worlds)
        yield "free_ports", "Extra ports that no session has.", len(self._mock.free_ports)
        yield "streams", "Callers that follow a journal.", len(self._streams)
        yield "journal_entries", "Journal entries that are kept.", sum(map(len, journals))
        yield "journal_bytes", "About what they hold.", sum(one.weight for one in journals)
        yield "upload_bytes", "Uploaded files.", sum(world.upload_bytes for world in worlds)
        unspent = sum(len(world.plan.unspent) for world in worlds)
        yield "faults_unspent", "Planned faults that have not struck.", unspent
        yield "bugs", "Mistakes of the mock itself.", len(self._endpoint.bugs)

    def _phases(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for session in self._mock.sessions:
            now = session.clock.now()
            counts.update(task.stage(now).phase.value for task in session.world.tasks.values())
        return counts
