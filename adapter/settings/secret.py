"""A text that is used and never shown: a setting of this type is masked wherever settings are printed."""

from typing import Final

MASK: Final = "***"


class Secret:
    """What it holds leaves by `reveal` alone. Any way of printing it, a traceback's too, prints the mask."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one who needs it to get in."""
        return self._text

    def __repr__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)
