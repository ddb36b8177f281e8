"""The keys of a running process: the key file is read again and again, so that rotating a key needs no restart."""

from pathlib import Path

import structlog

from adapter.sealing.key_file import KeyFile, KeyFileError, decode_secret, read_key_file
from adapter.sealing.sealer import Sealer

log = structlog.get_logger()


class Keyring:
    """The key file as it was when it could last be used. `sealer` never changes; another one takes its place.

    A key that left the file opens until the process ends: a report under way may hold what it sealed.
    """

    def __init__(self, path: Path) -> None:
        """Raise `KeyFileError` when there is nothing to begin with."""
        self._path = path
        self._known: dict[str, bytes] = {}
        self.trouble = ""
        self._take(read_key_file(path))

    def look(self) -> Sealer:
        """Read the file again. One that cannot be used changes nothing; that is said once."""
        try:
            found = read_key_file(self._path)
            if found != self.file:
                self._refuse_other_keys(found)
        except KeyFileError as error:
            if self.trouble != str(error):
                self.trouble = str(error)
                log.error("key file cannot be used, the former keys go on", why=self.trouble)  # noqa: TRY400
            return self.sealer
        self.trouble = ""
        if found != self.file:
            self._take(found)
            log.info("key file changed", active=found.active.id, keys=[key.id for key in found.nokler])
        return self.sealer

    @property
    def known(self) -> dict[str, bytes]:
        """Every key that opens here, those that have left the file too; with `file`, all that `sealer` is made of."""
        return dict(self._known)

    def _take(self, file: KeyFile) -> None:
        self.file = file
        self._known |= {key.id: decode_secret(key.hemmelighet) for key in file.nokler}
        self.sealer = Sealer.of(file, self._known)

    def _refuse_other_keys(self, found: KeyFile) -> None:
        """What would make state unreadable, or the persons of the year others to the register."""
        if decode_secret(found.pseudonym) != decode_secret(self.file.pseudonym):
            raise KeyFileError(f"{self._path}: the pseudonym key is another one; it never changes, put the former back")
        for key in found.nokler:
            if self._known.get(key.id, decode_secret(key.hemmelighet)) != decode_secret(key.hemmelighet):
                raise KeyFileError(f"{self._path}: key {key.id!r} was another key before; never reuse an id")
