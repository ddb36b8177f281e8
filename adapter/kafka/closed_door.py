"""What an error of aiokafka or of TLS says about the door. Pure; the tests hold a table of cases."""

import errno
import socket
import ssl
from asyncio import IncompleteReadError
from collections.abc import Iterator

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnsupportedSaslMechanismError,
)

from adapter.kafka.problem import AccessError, Code, Knock, Problem, problem

_DENIALS: dict[type[BaseException], Code] = {
    TopicAuthorizationFailedError: "topic-denied",
    GroupAuthorizationFailedError: "group-denied",
    TransactionalIdAuthorizationFailed: "transactional-id-denied",
    ClusterAuthorizationFailedError: "cluster-denied",
}
_LOGINS: dict[type[BaseException], Code] = {
    SaslAuthenticationFailed: "login-refused",
    UnsupportedSaslMechanismError: "mechanism-not-offered",
    IllegalSaslStateError: "login-not-offered",
}
# OpenSSL's numbers for what is wrong with a certificate (X509_V_ERR_...).
_UNVERIFIED: dict[int, Code] = {
    9: "broker-certificate-expired",  # not valid yet
    10: "broker-certificate-expired",
    62: "broker-name-differs",
    64: "broker-name-differs",  # of an IP address
    **dict.fromkeys((2, 18, 19, 20, 21, 27), "authority-unknown"),
}
# What a listener that speaks TLS answers to somebody who does not: an alert, whose first byte reads as a length.
_TLS_ALERT = 0x15


def is_denial(error: BaseException) -> bool:
    """Whether an access is missing. A denial aiokafka did not count on it wraps in an error that has only its name."""
    return isinstance(error, tuple(_DENIALS)) or (
        type(error) is KafkaError and any(kind.__name__ in str(error) for kind in _DENIALS)
    )


def problem_of(error: BaseException, knock: Knock) -> Problem | None:
    """What an error of aiokafka or of TLS says about the door; None when it is about something else."""
    for one in _causes(error):
        if isinstance(one, AccessError):
            return one.problem
        if (code := _code(one, knock)) is not None:
            return problem(code, knock, _details(code, one, knock))
    if isinstance(error, KafkaConnectionError | OSError | TimeoutError):
        return problem("unreachable", knock, _no_answer(error))
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the innermost first: that is the one that knows."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or one.__context__
    return reversed(chain)


def _code(error: BaseException, knock: Knock) -> Code | None:
    """What one error says, as far as it says anything."""
    for kind, code in (_DENIALS | _LOGINS).items():
        if isinstance(error, kind):
            return code
    match error:
        case ssl.SSLCertVerificationError():
            return _UNVERIFIED.get(error.verify_code, "broker-certificate-unfit")
        case ssl.SSLError(reason=str(reason)):
            return _of_tls(reason, knock)
        case IncompleteReadError(partial=b"", expected=4) if knock.tls and not knock.user:
            return "login-wanted"
        case IncompleteReadError(expected=int(expected)) if not knock.tls and expected >> 24 == _TLS_ALERT:
            return "tls-wanted"
        case ConnectionResetError() if knock.tls:
            return "tls-not-spoken"
        case _:
            return None


def _of_tls(reason: str, knock: Knock) -> Code | None:
    if "ALERT" in reason and "CERTIFICATE_REQUIRED" in reason:
        return "certificate-wanted"
    if "ALERT" in reason and ("CERTIFICATE" in reason or "UNKNOWN_CA" in reason):
        return "certificate-expired" if knock.expired else "certificate-refused"
    if reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNEXPECTED_EOF_WHILE_READING"}:
        return "tls-not-spoken"
    return None


def _details(code: Code, error: BaseException, knock: Knock) -> str:
    """What a sentence has room for."""
    if code == "certificate-expired":
        return knock.expired
    if isinstance(error, ssl.SSLCertVerificationError):
        return str(error.verify_message)
    if not code.endswith("-denied") or not error.args:
        return ""
    # A name, a set of names, or a sentence of the client's.
    told = error.args[0]
    names = sorted(map(str, told)) if isinstance(told, set | frozenset | list | tuple) else [str(told)]
    named = ", ".join(name for name in names if name and " " not in name)
    return f" {named}" if named else ""


def _no_answer(error: BaseException) -> str:
    match error:
        case socket.gaierror():
            return "the name is not known"
        case TimeoutError():
            return "no answer in time"
        case OSError(errno=errno.ECONNREFUSED):
            return "connection refused"
        case OSError() if error.strerror:
            return error.strerror.lower()
        case _:
            return "connection closed"
