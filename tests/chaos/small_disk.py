"""A disk that can be filled: a small file system in memory, for the data of one broker and for nobody else to see.

It is mounted in a mount namespace of this process and its children, so that the kernel takes it away with the last of
them, however they end. Where that is not allowed the disk cannot be filled, and the report says so.
"""

import contextlib
import ctypes
import errno
import os
from pathlib import Path

NEW_NAMESPACE = 0x0002_0000
NEW_USER = 0x1000_0000
RECURSIVE_PRIVATE = 0x4000 | 0x4_0000
DETACH = 0x2

BALLAST = "ballast"
BLOCKS = (1024 * 1024, 4096)


class SmallDiskError(OSError):
    """No such disk here; the text says what the system answered."""


class SmallDisk:
    """The data of a broker lies under `data`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.data = folder / "data"

    @classmethod
    def mount(cls, folder: Path, megabytes: int) -> "SmallDisk":
        """Call while the process has one thread, the namespace belongs to the one that asks."""
        _enter_a_namespace()
        folder.mkdir()
        _call("mount", b"none", b"/", None, RECURSIVE_PRIVATE, None)
        _call("mount", b"none", os.fsencode(folder), b"tmpfs", 0, f"size={megabytes}m".encode())
        disk = cls(folder)
        disk.data.mkdir()
        return disk

    def fill(self) -> None:
        """Take all the room there is, to the last page; the broker may be writing meanwhile."""
        with (self._folder / BALLAST).open("ab", buffering=0) as ballast:
            for block in BLOCKS:
                with contextlib.suppress(OSError):
                    while ballast.write(bytes(block)) == block:
                        pass

    def clear(self) -> None:
        """Give the room back."""
        (self._folder / BALLAST).unlink(missing_ok=True)

    def unmount(self) -> None:
        """Before its folder can be removed. Whoever still has files open there may go on with them."""
        _call("umount2", os.fsencode(self._folder), DETACH)


def _enter_a_namespace() -> None:
    if os.geteuid() == 0:
        _call("unshare", NEW_NAMESPACE)
        return
    # Who is not root may be so in a user namespace of its own, where the kernel allows it.
    user, group = os.geteuid(), os.getegid()
    _call("unshare", NEW_USER | NEW_NAMESPACE)
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        Path("/proc/self", name).write_text(text)


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, name):
        raise SmallDiskError(errno.ENOSYS, f"{name}: only Linux has it")
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise SmallDiskError(number, f"{name}: {os.strerror(number)}")
