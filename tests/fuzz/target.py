"""What can be fuzzed: seeds, a variation that keeps their form, and what one input comes to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Target:
    """`outcome` gives every input a name, whatever the bytes are; an exception is a defect."""

    seeds: Sequence[bytes]
    vary: Callable[[bytes, Random], bytes]
    outcome: Callable[[bytes], str]


def damaged(data: bytes, random: Random) -> bytes:
    """Some bytes replaced, taken out or put in, anywhere."""
    value = bytearray(data)
    for _ in range(random.randint(1, 4)):
        at = random.randint(0, len(value))
        value[at : at + random.randint(0, 3)] = random.randbytes(random.randint(0, 3))
    return bytes(value)
