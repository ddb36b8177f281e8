"""Further listeners for a broker: TLS, certificates, users. As values, added to what `settings.py` says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from adapter.sandbox.ports import HOST


@dataclass(frozen=True)
class Listener:
    """One more way in, on a port of its own.

    `identity` is a PEM file with the broker's key (PKCS 8) and chain, `trusted` one with the authorities of clients;
    with `trusted` a client must show a certificate.
    """

    name: str
    port: int
    identity: Path
    protocol: Literal["SSL", "SASL_SSL"] = "SASL_SSL"
    trusted: Path | None = None
    # Users of PLAIN; those of SCRAM belong to the cluster.
    plain_users: Mapping[str, str] = field(default_factory=dict)
    mechanisms: Sequence[str] = ("SCRAM-SHA-512", "SCRAM-SHA-256")

    def settings(self) -> dict[str, str]:
        """The listener's own broker properties."""
        mine = f"listener.name.{self.name.lower()}"
        found = {f"{mine}.ssl.keystore.type": "PEM", f"{mine}.ssl.keystore.location": str(self.identity)}
        if self.trusted is not None:
            found[f"{mine}.ssl.truststore.type"] = "PEM"
            found[f"{mine}.ssl.truststore.location"] = str(self.trusted)
            found[f"{mine}.ssl.client.auth"] = "required"
        if self.protocol == "SASL_SSL":
            offered = [*self.mechanisms, *(["PLAIN"] if self.plain_users else [])]
            found[f"{mine}.sasl.enabled.mechanisms"] = ",".join(offered)
            for mechanism in self.mechanisms:
                found[f"{mine}.{mechanism.lower()}.sasl.jaas.config"] = _login("scram.ScramLoginModule", {})
            if self.plain_users:
                users = {f"user_{name}": password for name, password in self.plain_users.items()}
                found[f"{mine}.plain.sasl.jaas.config"] = _login("plain.PlainLoginModule", users)
        return found


def with_listeners(settings: Mapping[str, str], listeners: Sequence[Listener]) -> dict[str, str]:
    """The same broker with these listeners beside those it has."""
    found = dict(settings)
    for one in listeners:
        place = f"{one.name}://{HOST}:{one.port}"
        found["listeners"] += f",{place}"
        found["advertised.listeners"] += f",{place}"
        found["listener.security.protocol.map"] += f",{one.name}:{one.protocol}"
        found |= one.settings()
    return found


def _login(module: str, options: Mapping[str, str]) -> str:
    words = [f"org.apache.kafka.common.security.{module}", "required"]
    return " ".join([*words, *(f'{name}="{value}"' for name, value in options.items())]) + ";"
