"""Events of our own: structured, and on the way of every other log line: to standard error, by its level and form.

Left alone, structlog prints to standard output, where the answer of a command belongs, whatever the level.
Who logs only now and then imports this for the first event: structlog is not free.
"""

import structlog

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)

Logger = structlog.stdlib.BoundLogger


def logger(name: str) -> Logger:
    """Return the logger of a module; `name` is its `__name__`."""
    found: Logger = structlog.stdlib.get_logger(name)
    return found
