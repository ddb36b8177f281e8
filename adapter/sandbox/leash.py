"""Runs a command that cannot outlive the one who started it, even if that one is killed with -9.

`leash.py <pid of the starter> <command> <arguments...>`: asks Linux to kill this process when its starter dies, then
becomes the command, keeping the process id. A small program and not a `preexec_fn`, which may deadlock when the starter
has threads. It imports nothing of the project, so that it costs milliseconds.
Elsewhere than on Linux it only becomes the command.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    starter, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # It may have died before we asked.
        if os.getppid() != starter:
            sys.exit("the starter is gone")
    os.execv(command[0], command)  # noqa: S606 - no shell is what we want
