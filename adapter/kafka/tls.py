"""One TLS context for all clients of the process, kept as new as its files.

A certificate lives for weeks and the process for a year. Whoever makes a client looks whether the files have changed,
and puts what is new into the context that all share, so that the connections of long-lived clients use it too, the next
time they connect. An authority that is added is trusted from then on; one that is taken out, until a restart.
"""

import ssl
from functools import cache
from pathlib import Path

from adapter.kafka.sikkerhet import Sikkerhet, context, load_own

_Stamp = tuple[tuple[int, int, int], ...]


class _Shared:
    def __init__(self, given: Sikkerhet) -> None:
        self._given = given
        self._stamp = _stamp(given)
        self.context = context(given)

    def renew(self) -> None:
        """Files are replaced one after the other: what does not fit together yet is left for the next time."""
        stamp = _stamp(self._given)
        if stamp == self._stamp:
            return
        try:
            context(self._given)
        except ssl.SSLError:
            return
        load_own(self.context, self._given)
        if self._given.ca_fil:
            self.context.load_verify_locations(self._given.ca_fil)
        self._stamp = stamp


def shared_context(given: Sikkerhet) -> ssl.SSLContext:
    """The context for these settings. Raises OSError when the files cannot be used."""
    shared = _shared(given)
    shared.renew()
    return shared.context


_shared = cache(_Shared)


def _stamp(given: Sikkerhet) -> _Stamp:
    """Which files these are: a renewed one is another file, or has another time or size."""
    paths = (given.ca_fil, given.sertifikat_fil, given.nokkel_fil, given.nokkel_passord_fil)
    found = [Path(path).stat() for path in paths if path]
    return tuple((one.st_ino, one.st_mtime_ns, one.st_size) for one in found)
