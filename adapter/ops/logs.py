"""Logs: one JSON object a line on standard error. Only what code names gets in; no event, key or message ever does.

Libraries log what they handle at DEBUG, which here is health data: their level never goes below INFO. A traceback tells
type and place of an error: no local variables, and not its text, since an error quotes what it could not read. What
libraries put in a sentence all the same, and Python's own last word, pass a net for identity numbers.
"""

import logging
import sys
import threading
from types import TracebackType
from typing import Any

import structlog

from adapter.domain.identity import without_identities
from adapter.ops.repeats import Repeats

# aiokafka and faust tell of every reconnect at INFO; a normal day should be quiet.
_LIBRARY_LEVEL = logging.WARNING


def configure(level: str = "INFO") -> None:
    """Set up structlog and the standard library's logging for the process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_without_texts),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Repeats())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(allow=["repeated"])],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
                _net,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_LIBRARY_LEVEL)
    logging.getLogger("adapter").setLevel(level)
    sys.excepthook = _last_word
    threading.excepthook = lambda end: _last_word(end.exc_type, end.exc_value, end.exc_traceback)


_transform = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)


def _without_texts(exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
    """The exception and what caused it: types and frames."""
    return [_only_known(one) for one in _transform(exc_info)]


def _only_known(stack: dict[str, Any]) -> dict[str, Any]:
    kept = {name: stack[name] for name in ("exc_type", "is_cause", "frames")}
    return {**kept, "exceptions": [[_only_known(one) for one in inner] for inner in stack["exceptions"]]}


def _net(_logger: object, _method: str, line: Any) -> str:
    """The whole line, as it will be written."""
    return without_identities(line)


def _last_word(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """What nobody caught, told like everything else; Python itself would print the error's text."""
    if error is not None and not issubclass(kind, KeyboardInterrupt | SystemExit):
        logging.getLogger("adapter").critical("ended by an error", exc_info=(kind, error, trace))
