"""Logs: one JSON object a line on standard error. Only what code names gets in; no event, key or message ever does.

Libraries log what they handle at DEBUG, which here is health data: their level never goes below INFO. Tracebacks carry
no local variables.
"""

import logging
import sys
import time
from collections.abc import Callable

import structlog

# aiokafka and faust tell of every reconnect at INFO; a normal day should be quiet.
_LIBRARY_LEVEL = logging.WARNING


# While Kafka is away a library says the same many times a second.
_REPEATED_AFTER_SECONDS = 60.0


class NotAgain(logging.Filter):
    """Lets a library say a thing once a minute; our own lines pass, since they are written to be few."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._said: dict[tuple[str, int, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if record.name.startswith("adapter"):
            return True
        # The text before its values are put in, or its first line where a library has put them in itself.
        key = (record.name, record.levelno, str(record.msg).partition("\n")[0])
        now = self._now()
        if now - self._said.get(key, -_REPEATED_AFTER_SECONDS) < _REPEATED_AFTER_SECONDS:
            return False
        self._said[key] = now
        return True


def configure(level: str = "INFO") -> None:
    """Set up structlog and the standard library's logging for the process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
        ),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.addFilter(NotAgain())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_LIBRARY_LEVEL)
    logging.getLogger("adapter").setLevel(level)
