"""Events of our own: structured, and on the way of every other log line: to standard error, by its level and form.

Left alone, structlog prints to standard output, where the answer of a command belongs, whatever the level.
Who logs only now and then imports this for the first event: structlog is not free.
"""

import structlog

from mailroll import log_context


def add_context(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Add the ids of what is being done."""
    return {**log_context.current(), **event}


structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        add_context,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)

Logger = structlog.stdlib.BoundLogger


def logger(name: str) -> Logger:
    """Return the logger of a module; `name` is its `__name__`."""
    event_logger: Logger = structlog.stdlib.get_logger(name)
    return event_logger
