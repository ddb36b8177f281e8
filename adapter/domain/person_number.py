"""Numbers for persons in a message: `pePeID` and `pid` are the same int, the person's own within (unit, year).

Each person draws 64 bits from a keyed hash (never from an identity number). The message has room for 31, so two may
want the same; then the one whose full draw is smaller has it and the other takes the next free number.
"""

from collections.abc import Mapping

LARGEST = 2**31 - 1


def assign(drawn: Mapping[str, int]) -> dict[str, int]:
    """Key → number in 1..2^31-1, all different, whatever the order of `drawn`.

    A number moves only if a newcomer draws the same 31 bits and a smaller rest: with 20,000 persons in a unit, about
    one newcomer in 200,000 moves somebody.
    """
    taken: set[int] = set()
    numbers: dict[str, int] = {}
    for key, draw in sorted(drawn.items(), key=lambda item: (item[1], item[0])):
        number = draw % LARGEST + 1
        while number in taken:
            number = number % LARGEST + 1
        taken.add(number)
        numbers[key] = number
    return numbers
