"""How to get in: the settings of `[kafka.sikkerhet]`, and what is wrong with them before anybody knocks.

A password goes over TLS or not at all, and the brokers' certificates are always checked, names included: there is no
setting that turns this off. Secrets come from files or the environment, never from the configuration file itself.
"""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from adapter.settings.secret import Secret

_HERE = "kafka.sikkerhet"
NO_SECRET = Secret("")


class Sikkerhet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """TLS, and who we are: a certificate, or a user with a password, or both."""

    tls: Annotated[bool, Meta(description="Whether to speak TLS with the brokers.")] = False
    ca_fil: Annotated[
        str, Meta(description="File of the authorities (PEM) the brokers are trusted by; empty takes the system's.")
    ] = ""
    sertifikat_fil: Annotated[
        str, Meta(description="File of our own certificate and its chain (PEM), for brokers that ask for one.")
    ] = ""
    nokkel_fil: Annotated[str, Meta(description="File of the certificate's private key (PEM).")] = ""
    nokkel_passord: Annotated[Secret, Meta(description="Password of the private key; from the environment only.")] = (
        NO_SECRET
    )
    nokkel_passord_fil: Annotated[str, Meta(description="File that holds the password of the private key.")] = ""
    mekanisme: Annotated[
        Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"], Meta(description="How user and password are proved (SASL).")
    ] = "SCRAM-SHA-512"
    bruker: Annotated[str, Meta(description="User (SASL); empty for none.")] = ""
    passord: Annotated[Secret, Meta(description="The user's password; from the environment only.")] = NO_SECRET
    passord_fil: Annotated[str, Meta(description="File that holds the user's password.")] = ""

    @property
    def protocol(self) -> str:
        """What Kafka calls this: `security.protocol`."""
        if self.bruker:
            return "SASL_SSL"
        return "SSL" if self.tls else "PLAINTEXT"

    def password(self) -> Secret:
        """The user's password, read anew from its file each time. Raises OSError and UnicodeDecodeError."""
        return _secret(self.passord, self.passord_fil)

    def key_password(self) -> Secret:
        """The private key's password, as `password` is read."""
        return _secret(self.nokkel_passord, self.nokkel_passord_fil)


def contradictions(given: Sikkerhet) -> Iterator[str]:
    """What is wrong, in sentences. Files are looked into; no sentence quotes what they hold."""
    names = ("ca_fil", "sertifikat_fil", "nokkel_fil", "nokkel_passord_fil", "passord_fil")
    files = {name: getattr(given, name) for name in names}
    used = [name for name, path in files.items() if path] + ["bruker"] * bool(given.bruker)
    if used and not given.tls:
        yield f"{_HERE}.{used[-1]} is set and {_HERE}.tls is not: nothing secret goes over plain text; set tls = true"
    if given.bruker and not (given.passord or given.passord_fil):
        yield f"{_HERE}.bruker has no password: name its file in passord_fil, or set {_env('passord')}"
    for secret, file in (("passord", "passord_fil"), ("nokkel_passord", "nokkel_passord_fil")):
        if getattr(given, secret) and files[file]:
            yield f"{_HERE}.{file} and {_env(secret)} are both set: keep one of the two"
    if (given.passord or given.passord_fil) and not given.bruker:
        yield f"{_HERE} has a password and no user: set {_HERE}.bruker"
    if bool(given.sertifikat_fil) is not bool(given.nokkel_fil):
        there, missing = ("sertifikat_fil", "nokkel_fil") if given.sertifikat_fil else ("nokkel_fil", "sertifikat_fil")
        yield f"{_HERE}.{there} is set and {_HERE}.{missing} is not: a certificate and its key go together"
    unreadable = [sentence for name, path in files.items() if path and (sentence := _unreadable(name, path))]
    yield from unreadable
    if not unreadable and given.tls:
        yield from _unusable(given)


def context(given: Sikkerhet) -> ssl.SSLContext:
    """A fresh TLS context of these files: TLS 1.2 or newer, certificates and names checked. Raises OSError."""
    made = ssl.create_default_context(cafile=given.ca_fil or None)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    load_own(made, given)
    return made


def load_own(context: ssl.SSLContext, given: Sikkerhet) -> None:
    """Put our certificate, if we have one, into a context. Raises OSError (`ssl.SSLError` is one)."""
    if given.sertifikat_fil:
        # Never asked on a terminal, which is what happens when a key wants a password and none is given.
        context.load_cert_chain(given.sertifikat_fil, given.nokkel_fil, lambda: given.key_password().reveal())


def _unusable(given: Sikkerhet) -> Iterator[str]:
    try:
        made = ssl.create_default_context(cafile=given.ca_fil or None)
    except ssl.SSLError:
        yield f"{_HERE}.ca_fil {given.ca_fil}: holds no certificate that can be read (PEM)"
        return
    try:
        load_own(made, given)
    except ssl.SSLError:
        yield (
            f"{_HERE}.sertifikat_fil {given.sertifikat_fil}: cannot be used with {_HERE}.nokkel_fil: both must be PEM, "
            "belong together, and the key's password must be right"
        )


def _unreadable(name: str, path: str) -> str:
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        return f"{_HERE}.{name} {path}: cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        return f"{_HERE}.{name} {path}: is not text"
    return "" if text.strip() else f"{_HERE}.{name} {path}: is empty"


def _secret(given: Secret, path: str) -> Secret:
    # A file made by hand ends its line; no password does.
    return Secret(Path(path).read_text("utf-8").rstrip("\r\n")) if path else given


def _env(name: str) -> str:
    return f"IPLOS_KAFKA__SIKKERHET__{name.upper()}"
