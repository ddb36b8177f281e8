"""A connection that the other end has reset: uvloop and aiokafka do not agree on what writing to it means.

uvloop raises RuntimeError where aiokafka waits for an OSError, with which it gives the connection up and makes another.
What it does not wait for goes up through whoever asked: a consumer dies, and the process with it, because a broker
closed a connection in the moment before something was written to it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError

Send = Callable[..., Any]


def bear_resets() -> None:
    """From now on aiokafka takes both for a broken connection. May be called again."""
    for name in ("send", "_send_sasl_token"):
        send = getattr(AIOKafkaConnection, name)
        if not hasattr(send, "__wrapped__"):
            setattr(AIOKafkaConnection, name, _bearing(send))


def _bearing(send: Send) -> Send:
    @wraps(send)
    def told(connection: AIOKafkaConnection, *request: Any, **how: Any) -> Any:
        try:
            return send(connection, *request, **how)
        except RuntimeError as error:
            connection.close(reason=CloseReason.CONNECTION_BROKEN)
            raise KafkaConnectionError(f"Connection at {connection.host}:{connection.port} broken: {error}") from error

    return told
