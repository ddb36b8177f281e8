"""Why Kafka does not let us in: one code and one sentence for every way a door can be closed. Pure.

Codes are for ever, since a metric and alerts key on them. A sentence says what, where, and what to do.
"""

import errno
import socket
import ssl
from asyncio import IncompleteReadError
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

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

from adapter.kafka.topic_acl import Grant

Code: TypeAlias = Literal[
    "unreachable",
    "tls-wanted",
    "tls-not-spoken",
    "authority-unknown",
    "broker-certificate-expired",
    "broker-name-differs",
    "broker-certificate-unfit",
    "credentials-unreadable",
    "certificate-expired",
    "certificate-wanted",
    "certificate-refused",
    "login-wanted",
    "login-not-offered",
    "mechanism-not-offered",
    "login-refused",
    "topic-denied",
    "group-denied",
    "transactional-id-denied",
    "cluster-denied",
]
CODES: tuple[Code, ...] = get_args(Code)

# The cluster knows what we want and says no; the others are ways of not coming so far.
_REFUSALS = frozenset(CODES[CODES.index("certificate-expired") :])

# What a listener that speaks TLS answers to somebody who does not: an alert, whose first bytes read as a length.
_TLS_ALERT = 0x15
# OpenSSL's numbers for what is wrong with a certificate.
_EXPIRED, _NOT_YET = 10, 9
_NAME, _ADDRESS = 62, 64
_UNKNOWN_ISSUER = frozenset({2, 18, 19, 20, 21, 27})

_ACCESSES = "give what `iplos-adapter topics list` prints"
_DENIALS: dict[type[BaseException], tuple[Code, str]] = {
    TopicAuthorizationFailedError: ("topic-denied", "topic"),
    GroupAuthorizationFailedError: ("group-denied", "group"),
    TransactionalIdAuthorizationFailed: ("transactional-id-denied", "transactional id"),
    ClusterAuthorizationFailedError: ("cluster-denied", "cluster"),
}


class Knock(NamedTuple):
    """Who knocked where: what a refusal is explained by. `expired` says when our certificate ended, if it has."""

    address: str
    tls: bool = False
    user: str = ""
    mechanism: str = ""
    expired: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A closed door."""

    code: Code
    text: str

    @property
    def refused(self) -> bool:
        """Whether the cluster said no, rather than that we never came so far as to ask."""
        return self.code in _REFUSALS


class AccessError(KafkaError):  # type: ignore[misc]  # aiokafka has no types
    """Kafka does not let us in; the text is the problem's sentence."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem.text


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
        if found := _denied(one) or _login(one, knock) or _certificate(one, knock) or _transport(one, knock):
            code, text = found
            return Problem(code, text if code in _SELF_SAID else f"{knock.address}: {text}")
    if isinstance(error, KafkaConnectionError | OSError | TimeoutError):
        return Problem("unreachable", f"{knock.address}: {_no_answer(error)}")
    return None


def denied(missing: Sequence[Grant], user: str) -> Problem | None:
    """The accesses of the plan that are not there, as one problem: the first by name, and how many more."""
    if not missing:
        return None
    first = missing[0]
    code: Code = f"{first.resource.replace('_', '-')}-denied"  # type: ignore[assignment]
    who = f"user {user}" if user else "this client"
    name = f"{first.name}*" if first.prefixed else first.name
    more = f", and {len(missing) - 1} more of its accesses are missing" if len(missing) > 1 else ""
    what = first.resource.replace("_", " ")
    return Problem(code, f"{who} has no access {first.operation} to {what} {name}{more}: {_ACCESSES}")


_SELF_SAID = frozenset({"topic-denied", "group-denied", "transactional-id-denied", "cluster-denied"})

_Found: TypeAlias = "tuple[Code, str] | None"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the innermost first: that is the one that knows."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in chain:
        chain.append(one)
        one = one.__cause__ or one.__context__
    return reversed(chain)


def _denied(error: BaseException) -> _Found:
    for kind, (code, what) in _DENIALS.items():
        if isinstance(error, kind):
            named = _names(error.args[0]) if error.args else ""
            return code, f"Kafka denies access to {' '.join(filter(None, (what, named)))}: {_ACCESSES}"
    return None


def _names(told: object) -> str:
    """Names of ours from an error's argument, which is a name, a set of names, or a sentence."""
    names = sorted(map(str, told)) if isinstance(told, set | frozenset | list | tuple) else [str(told)]
    return ", ".join(name for name in names if " " not in name)


def _login(error: BaseException, knock: Knock) -> _Found:
    match error:
        case SaslAuthenticationFailed():
            return "login-refused", (
                f"the login of user {knock.user} is refused ({knock.mechanism}): "
                "the user is not known there, or the password is another; correct bruker or passord_fil"
            )
        case UnsupportedSaslMechanismError():
            return "mechanism-not-offered", (
                f"login by {knock.mechanism} is not offered there: set another mekanisme in [kafka.sikkerhet]"
            )
        case IllegalSaslStateError():
            return "login-not-offered", (
                "users do not log in there (SASL is off): leave bruker out, or use the port where they do"
            )
        case IncompleteReadError(partial=b"", expected=4) if knock.tls and not knock.user:
            return "login-wanted", (
                "the connection was closed when we asked without logging in: set bruker and passord_fil in "
                "[kafka.sikkerhet]"
            )
        case _:
            return None


def _certificate(error: BaseException, knock: Knock) -> _Found:
    if isinstance(error, ssl.SSLCertVerificationError):
        match error.verify_code:
            case 10 | 9:
                return "broker-certificate-expired", (
                    "the broker's certificate is not valid today (it has expired, or a clock is wrong): "
                    "the cluster's owner must renew it"
                )
            case 62 | 64:
                return "broker-name-differs", (
                    "the broker's certificate is for another name: use a name it has in [kafka] bootstrap and in the "
                    "brokers' advertised.listeners"
                )
            case code if code in _UNKNOWN_ISSUER:
                return "authority-unknown", (
                    "the broker's certificate is signed by somebody we do not trust: "
                    "name the cluster's own authority in ca_fil"
                )
            case _:
                return "broker-certificate-unfit", f"the broker's certificate cannot be used ({error.verify_message})"
    if not isinstance(error, ssl.SSLError) or "ALERT" not in (error.reason or ""):
        return None
    if "CERTIFICATE_REQUIRED" in error.reason:
        return "certificate-wanted", "the broker wants a certificate of ours: set sertifikat_fil and nokkel_fil"
    if "CERTIFICATE" in error.reason or "UNKNOWN_CA" in error.reason:
        if knock.expired:
            return "certificate-expired", f"our certificate expired {knock.expired}: renew sertifikat_fil"
        return "certificate-refused", (
            "the broker does not accept our certificate: sertifikat_fil must be signed by an authority it trusts"
        )
    return None


def _transport(error: BaseException, knock: Knock) -> _Found:
    match error:
        case IncompleteReadError(expected=expected) if not knock.tls and (expected or 0) >> 24 == _TLS_ALERT:
            return "tls-wanted", "TLS is spoken there and we speak plain text: set tls = true in [kafka.sikkerhet]"
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER" | "RECORD_LAYER_FAILURE" | "UNEXPECTED_EOF_WHILE_READING"):
            return "tls-not-spoken", _PLAIN
        case ConnectionResetError() if knock.tls:
            return "tls-not-spoken", _PLAIN
        case _:
            return None


_PLAIN = (
    "the broker does not answer in TLS: is this its TLS port, and is it up? (tls = false in [kafka.sikkerhet] is for "
    "plain text)"
)


def _no_answer(error: BaseException) -> str:
    match error:
        case socket.gaierror():
            why = "the name is not known"
        case TimeoutError():
            why = "no answer in time"
        case OSError(errno=errno.ECONNREFUSED):
            why = "connection refused"
        case OSError() if error.strerror:
            why = error.strerror.lower()
        case _:
            why = "connection closed"
    return f"no Kafka answers ({why}): is [kafka] bootstrap right, and the cluster up?"
