"""The names under which a metric stands in the text (prometheus.io/docs/instrumenting/exposition_formats)."""

from mailroll.measures.table import Measure, MeasureKind


def series(measure: Measure) -> frozenset[str]:
    if measure.kind is MeasureKind.HISTOGRAM:
        return frozenset(f"{measure.name}_{part}" for part in ("bucket", "sum", "count"))
    return frozenset({measure.name})
