"""Sealing: identity numbers and parked payloads are unreadable everywhere but in the ident writer.

`sealer.py` seals and opens with a set of keys and never changes; `key_file.py` is the file they come from and the
changes an operator makes to it; `keyring.py` follows that file while a process runs.
"""

from adapter.sealing.key_file import Key, KeyFile, KeyFileError, new_key_file, read_key_file, write_key_file
from adapter.sealing.keyring import Keyring
from adapter.sealing.sealer import SealBrokenError, Sealer

__all__ = [
    "Key",
    "KeyFile",
    "KeyFileError",
    "Keyring",
    "SealBrokenError",
    "Sealer",
    "new_key_file",
    "read_key_file",
    "write_key_file",
]
