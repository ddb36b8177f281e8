"""Ways in which Kafka's doors can be closed: a code, and a sentence that says what, where, and what to do.

Codes are for ever, since a metric and alerts key on them. Which error means which is told in `closed_door.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

from aiokafka.errors import KafkaError

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

_ACCESSES = "give what `iplos-adapter topics list` prints"

# What is wrong and what to do. The address stands before it, except where Kafka has let us in and denies us a thing.
_SENTENCES: dict[Code, str] = {
    "unreachable": "no Kafka answers ({why}): is [kafka] bootstrap right, and the cluster up?",
    "tls-wanted": "TLS is spoken there and we speak plain text: set tls = true in [kafka.sikkerhet]",
    "tls-not-spoken": (
        "the broker does not answer in TLS: is this its TLS port, and is it up? (tls = false in [kafka.sikkerhet] is "
        "for plain text)"
    ),
    "authority-unknown": (
        "the broker's certificate is signed by somebody we do not trust: name the cluster's own authority in ca_fil"
    ),
    "broker-certificate-expired": (
        "the broker's certificate is not valid today (it has expired, or a clock is wrong): "
        "the cluster's owner must renew it"
    ),
    "broker-name-differs": (
        "the broker's certificate is for another name: use a name it has in [kafka] bootstrap and in the brokers' "
        "advertised.listeners"
    ),
    "broker-certificate-unfit": "the broker's certificate cannot be used ({why}): the cluster's owner must replace it",
    "credentials-unreadable": "{why}; `iplos-adapter config check` says more",
    "certificate-expired": "our certificate expired {why}: renew sertifikat_fil",
    "certificate-wanted": "the broker wants a certificate of ours: set sertifikat_fil and nokkel_fil",
    "certificate-refused": (
        "the broker does not accept our certificate: sertifikat_fil must be signed by an authority it trusts"
    ),
    "login-wanted": (
        "the connection was closed when we asked without logging in: set bruker and passord_fil in [kafka.sikkerhet]"
    ),
    "login-not-offered": "users do not log in there (SASL is off): leave bruker out, or use the port where they do",
    "mechanism-not-offered": "login by {mechanism} is not offered there: set another mekanisme in [kafka.sikkerhet]",
    "login-refused": (
        "the login of user {user} is refused ({mechanism}): the user is not known there, or the password is another; "
        "correct bruker or passord_fil"
    ),
    "topic-denied": f"Kafka denies access to topic{{why}}: {_ACCESSES}",
    "group-denied": f"Kafka denies access to group{{why}}: {_ACCESSES}",
    "transactional-id-denied": f"Kafka denies access to transactional id{{why}}: {_ACCESSES}",
    "cluster-denied": f"Kafka denies access to the cluster: {_ACCESSES}",
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


def problem(code: Code, knock: Knock, why: str = "") -> Problem:
    """The problem of this code; `why` fills the gap that some sentences have."""
    text = _SENTENCES[code].format(why=why, user=knock.user, mechanism=knock.mechanism)
    return Problem(code, text if code.endswith("-denied") else f"{knock.address}: {text}")
