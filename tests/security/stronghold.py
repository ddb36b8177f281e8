"""A broker with every lock on: TLS, certificates, users, the standard authorizer. One for a module's tests.

Its plain listener is the caretaker's, and may do all; everybody else comes in by one of the other doors.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from adapter.kafka.sikkerhet import Sikkerhet
from adapter.sandbox import KafkaSandbox
from adapter.sandbox.listeners import Listener
from adapter.sandbox.ports import HOST, free_ports
from tests.security.certificates import Certificates

CARETAKER = "User:ANONYMOUS"
SECRET = "hemmelig-nok-1"  # noqa: S105  # of users that live as long as the test
WHO = ("adapter", "drift", "epj", "transport-ipl", "transport-ide", "mangelrapport", "revisor")
USERS = {who: f"{SECRET}-{who}" for who in WHO}
LOCKS = {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": CARETAKER,
    "allow.everyone.if.no.acl.found": "false",
    # Who comes with a certificate is who it names.
    "ssl.principal.mapping.rules": "RULE:^CN=([^,]+),.*$/$1/,DEFAULT",
}


class Stronghold:
    """Addresses by door, and the settings of those who come in there."""

    def __init__(self, kafka: KafkaSandbox, ports: Mapping[str, int], certificates: Certificates) -> None:
        self.kafka = kafka
        self.certificates = certificates
        self.caretaker = kafka.bootstrap
        self._ports = ports

    def door(self, name: str) -> str:
        """`host:port` of one listener; of one that speaks plain text, or of none, for `plain` and `nobody`."""
        return self.caretaker if name == "plain" else f"{HOST}:{self._ports.get(name, 1)}"

    def login(self, who: str, password: str | None = None, **more: object) -> dict[str, object]:
        """The section `[kafka.sikkerhet]` of a user, with the password in a file."""
        file = self.certificates.folder / f"{who}.password"
        file.write_text((USERS[who] if password is None else password) + "\n")
        return {"tls": True, "ca_fil": self.certificates.ca, "bruker": who, "passord_fil": file, **more}


def sikkerhet(section: Mapping[str, object]) -> Sikkerhet:
    """The section as the program holds it."""
    texts = {name: str(value) if isinstance(value, Path) else value for name, value in section.items()}
    return Sikkerhet(**texts | {"tls": texts["tls"] is True})  # type: ignore[arg-type]


@contextmanager
def stronghold(folder: Path) -> Iterator[Stronghold]:
    """Doors: `login` (SCRAM and PLAIN over TLS), `scram` (only that), `certificate` (mutual TLS), `expired` and
    `elsewhere` (a broker whose certificate is out, or says another name).
    """
    made = Certificates(folder)
    names = ("login", "scram", "certificate", "expired", "elsewhere")
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    good = made.broker("broker")
    listeners = [
        Listener("LOGIN", ports["login"], good, plain_users={who: USERS[who] for who in ("adapter", "drift")}),
        Listener("SCRAM", ports["scram"], good),
        Listener("CERTIFICATE", ports["certificate"], good, "SSL", trusted=made.ca),
        Listener("EXPIRED", ports["expired"], made.broker("expired", expired=True)),
        Listener("ELSEWHERE", ports["elsewhere"], made.broker("elsewhere", "broker.invalid")),
    ]
    with KafkaSandbox.start(extra=LOCKS, listeners=listeners, users=USERS) as kafka:
        yield Stronghold(kafka, ports, made)
