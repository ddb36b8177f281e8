"""`python -m adapter.sandbox`: a broker in the foreground, until Ctrl-C or SIGTERM."""

import argparse
import signal
import sys

from adapter.sandbox.error import SandboxError
from adapter.sandbox.jars import ensure_jars, read_lock
from adapter.sandbox.java import find_java
from adapter.sandbox.kafka import KafkaSandbox
from adapter.sandbox.place import sandbox_folder


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m adapter.sandbox", description="Apache Kafka for tests and demo.")
    options.add_argument("--prepare", action="store_true", help="fetch and check Java and jars, start nothing")
    chosen = options.parse_args()
    # SIGTERM ends the `with` block the way Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return prepare() if chosen.prepare else serve()
    except KeyboardInterrupt:
        return 0
    except SandboxError as error:
        sys.stderr.write("\n".join([str(error), *getattr(error, "__notes__", [])]) + "\n")
        return 1


def prepare() -> int:
    jars = ensure_jars(sandbox_folder() / "jars", read_lock())
    sys.stdout.write(f"{len(jars)} jars checked in {sandbox_folder() / 'jars'}, Java: {find_java()}\n")
    return 0


def serve() -> int:
    """The address goes to standard output, alone on its line; it is a promise that the broker is ready."""
    with KafkaSandbox.start() as kafka:
        sys.stdout.write(f"{kafka.bootstrap}\n")
        sys.stdout.flush()
        kafka.brokers[0].wait()
        raise SandboxError(f"Kafka ended by itself.\n{kafka.brokers[0].last_words()}")


if __name__ == "__main__":
    sys.exit(main())
