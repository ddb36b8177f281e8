"""Ports of our own, so that two sandboxes on one machine never meet."""

import random
import socket

HOST = "127.0.0.1"

# Below what Linux and macOS hand out for outgoing connections: nobody gets one of these by chance between the moment we
# look and the moment the broker, seconds later, takes it.
OURS = range(20_000, 30_000)


def free_ports(count: int) -> list[int]:
    found: list[int] = []
    # SystemRandom: a test run that seeds `random` would make every sandbox start looking at the same place.
    for port in random.SystemRandom().sample(OURS, len(OURS)):
        if len(found) == count:
            break
        if not is_open(port) and can_be_taken(port):
            found.append(port)
    return found


def can_be_taken(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def is_open(port: int, host: str = HOST) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
