"""What each error of the client or of TLS says about the door: code, exit, and a sentence without a secret."""

import socket
import ssl
from asyncio import IncompleteReadError
from collections.abc import Sequence

import pytest
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    NodeNotReadyError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnsupportedSaslMechanismError,
)

from adapter.kafka.closed_door import is_denial, problem_of
from adapter.kafka.problem import CODES, AccessError, Code, Knock, Problem, denied
from adapter.kafka.topic_acl import Grant

WHERE = "megler:9093"
PLAIN = Knock(WHERE)
TLS = Knock(WHERE, tls=True)
USER = Knock(WHERE, tls=True, user="adapter", mechanism="SCRAM-SHA-512")


def unverified(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "why"
    return error


def alert(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason.lower())
    error.reason = reason
    return error


def closed(cause: BaseException) -> KafkaConnectionError:
    """As aiokafka closes a connection: the reason stands behind its own error."""
    error = KafkaConnectionError("Connection at megler:9093 closed")
    error.__cause__ = cause
    return error


CASES: list[tuple[BaseException, Knock, Code, bool]] = [
    (ConnectionRefusedError(111, "Connect call failed"), PLAIN, "unreachable", False),
    (TimeoutError(), PLAIN, "unreachable", False),
    (socket.gaierror(-2, "Name or service not known"), PLAIN, "unreachable", False),
    (OSError(113, "No route to host"), USER, "unreachable", False),
    (closed(IncompleteReadError(b"", 4)), PLAIN, "unreachable", False),
    (closed(IncompleteReadError(b"", 4)), USER, "unreachable", False),
    (closed(IncompleteReadError(b"abc", 0x15030300)), PLAIN, "tls-wanted", False),
    (ConnectionResetError(), TLS, "tls-not-spoken", False),
    (ConnectionResetError(), PLAIN, "unreachable", False),
    (alert("WRONG_VERSION_NUMBER"), TLS, "tls-not-spoken", False),
    (unverified(20), TLS, "authority-unknown", False),
    (unverified(18), TLS, "authority-unknown", False),
    (unverified(10), USER, "broker-certificate-expired", False),
    (unverified(62), USER, "broker-name-differs", False),
    (unverified(64), USER, "broker-name-differs", False),
    (unverified(26), USER, "broker-certificate-unfit", False),
    (closed(alert("SSLV3_ALERT_CERTIFICATE_UNKNOWN")), TLS, "certificate-refused", True),
    (closed(alert("TLSV1_ALERT_UNKNOWN_CA")), TLS, "certificate-refused", True),
    (
        closed(alert("SSLV3_ALERT_CERTIFICATE_UNKNOWN")),
        Knock(WHERE, tls=True, expired="2018-01-01"),
        "certificate-expired",
        True,
    ),
    (closed(alert("TLSV13_ALERT_CERTIFICATE_REQUIRED")), TLS, "certificate-wanted", True),
    (closed(IncompleteReadError(b"", 4)), TLS, "login-wanted", True),
    (IllegalSaslStateError("x"), USER, "login-not-offered", True),
    (UnsupportedSaslMechanismError("x"), USER, "mechanism-not-offered", True),
    (SaslAuthenticationFailed("Authentication failed"), USER, "login-refused", True),
    (TopicAuthorizationFailedError({"iplos.rapport.v1"}), USER, "topic-denied", True),
    (GroupAuthorizationFailedError("iplos-adapter"), USER, "group-denied", True),
    (TransactionalIdAuthorizationFailed("iplos-adapter.0"), USER, "transactional-id-denied", True),
    (ClusterAuthorizationFailedError(), USER, "cluster-denied", True),
]


@pytest.mark.parametrize(("error", "knock", "code", "refused"), CASES)
def test_each_error_has_a_code_and_one_sentence(error: BaseException, knock: Knock, code: Code, refused: bool) -> None:
    problem = problem_of(error, knock)
    assert problem is not None
    assert (problem.code, problem.refused) == (code, refused)
    assert "\n" not in problem.text
    assert (WHERE in problem.text) is not code.endswith("-denied")


def test_every_code_has_a_case() -> None:
    assert {code for _, _, code, _ in CASES} | {"credentials-unreadable"} == set(CODES)


@pytest.mark.parametrize("error", [KafkaError("x"), NodeNotReadyError(), ValueError("x")])
def test_what_is_about_something_else_is_left_alone(error: BaseException) -> None:
    assert problem_of(error, USER) is None


def test_a_problem_that_is_known_keeps_its_sentence() -> None:
    problem = Problem("login-refused", "en setning")
    assert problem_of(AccessError(problem), PLAIN) is problem
    assert str(AccessError(problem)) == "en setning"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (TopicAuthorizationFailedError({"b", "a"}), "topic a, b:"),
        (TopicAuthorizationFailedError("iplos.rapport.v1"), "topic iplos.rapport.v1:"),
        (GroupAuthorizationFailedError("Unable to get coordinator id for iplos"), "access to group:"),
    ],
)
def test_what_is_denied_is_named_when_the_error_names_it(error: KafkaError, says: str) -> None:
    problem = problem_of(error, USER)
    assert problem is not None
    assert says in problem.text
    assert "iplos-adapter topics list" in problem.text


READ = Grant("adapter", "topic", "iplos.rapport.v1", False, "read")
GROUP = Grant("adapter", "group", "iplos", True, "read")


@pytest.mark.parametrize(
    ("missing", "code", "says"),
    [
        ([READ], "topic-denied", "user ola has no access read to topic iplos.rapport.v1: give"),
        ([GROUP], "group-denied", "user ola has no access read to group iplos*: give"),
        ([READ, GROUP, GROUP], "topic-denied", "iplos.rapport.v1, and 2 more of its accesses are missing: give"),
    ],
)
def test_accesses_that_are_missing_are_one_problem(missing: Sequence[Grant], code: str, says: str) -> None:
    problem = denied(missing, "ola")
    assert problem is not None
    assert problem.code == code
    assert says in problem.text


def test_nothing_missing_is_no_problem() -> None:
    assert denied([], "ola") is None


@pytest.mark.parametrize(
    ("error", "so"),
    [
        (TopicAuthorizationFailedError("x"), True),
        (KafkaError("TopicAuthorizationFailedError()"), True),
        (KafkaError("Unexpected error during coordination"), False),
        (KafkaConnectionError("TopicAuthorizationFailedError"), False),
        (OSError(), False),
    ],
)
def test_a_denial_is_known_also_when_it_is_wrapped(error: BaseException, so: bool) -> None:
    assert is_denial(error) is so
