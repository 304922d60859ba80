"""Values as the text that Prometheus reads, by its own project's library, which is imported for the first of them.

It brings an HTTP server along: a hundredth of a second that no command shall wait for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mailroll.measures.table import Measure, MeasureKind

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
"""The text format that every Prometheus reads (prometheus.io/docs/instrumenting/exposition_formats)."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A histogram: by upper bound how many were at most that, and the sum of all."""

    buckets: Sequence[tuple[float, int]]
    count: int
    total: float


@dataclass(slots=True)
class Scrape:
    """What one reading found. A metric without a value is left out."""

    values: dict[Measure, dict[tuple[str, ...], float]] = field(default_factory=dict)
    distributions: dict[Measure, Distribution] = field(default_factory=dict)

    def set(self, measure: Measure, value: float, *labels: str) -> None:
        if len(labels) != len(measure.labels):
            raise ValueError(labels)
        self.values.setdefault(measure, {})[labels] = value

    def set_all(self, measure: Measure, values: Mapping[str, float]) -> None:
        """Set a metric of one label."""
        for label, value in values.items():
            self.set(measure, value, label)


def render(scrape: Scrape) -> bytes:
    from prometheus_client.exposition import generate_latest  # noqa: PLC0415 - see above

    return generate_latest(_Collected(_families(scrape)))


class _Collected:
    def __init__(self, families: "Iterable[Metric]") -> None:
        self._families = families

    def collect(self) -> "Iterable[Metric]":
        return self._families


def _families(scrape: Scrape) -> "Iterable[Metric]":
    from prometheus_client import metrics_core  # noqa: PLC0415 - see above

    for measure, values in scrape.values.items():
        of_kind = (
            metrics_core.CounterMetricFamily if measure.kind is MeasureKind.COUNTER else metrics_core.GaugeMetricFamily
        )
        family = of_kind(measure.name, measure.meaning, labels=measure.labels)
        for labels, value in sorted(values.items()):
            family.add_metric(labels, value)
        yield family
    for measure, distribution in scrape.distributions.items():
        buckets = [(repr(bound), number) for bound, number in distribution.buckets]
        yield metrics_core.HistogramMetricFamily(
            measure.name,
            measure.meaning,
            buckets=[*buckets, ("+Inf", distribution.count)],
            sum_value=distribution.total,
        )
