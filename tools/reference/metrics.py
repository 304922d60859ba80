"""Every metric, of the Console and of a gateway server."""

from collections.abc import Iterator

from mailroll.measures.table import CONSOLE, GATEWAY, Measure

_HEAD = """# Metrics

Made from the code by `make docs`. [How to set Prometheus up](../how-to/monitor.md), with alert rules and a board.

What only grows ends in `_total`. The values of a label are words of Mailroll: none names a customer or a person.
"""

_CONSOLE = """
## Of the whole installation

The Console tells them at `/metrics`, whichever of its processes is asked.
"""

_GATEWAY = """
## Of one gateway server

`mailroll gateway serve --http` tells them of its own process.
"""


def page() -> str:
    return "".join([_HEAD, _CONSOLE, *_table(CONSOLE), _GATEWAY, *_table(GATEWAY)])


def _table(measures: tuple[Measure, ...]) -> Iterator[str]:
    yield "\n| Metric | Kind | Labels | Meaning |\n|---|---|---|---|\n"
    for measure in measures:
        labels = ", ".join(f"`{label}`" for label in measure.labels)
        yield f"| `{measure.name}` | {measure.kind} | {labels} | {measure.meaning} |\n"
