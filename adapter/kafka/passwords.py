"""The user's password as its file has it, each time a client connects.

aiokafka keeps the one a client was made with. Some clients live as long as the process: when the password has been
changed they would go on until a connection breaks, and then be turned away for ever.
"""

from aiokafka.client import AIOKafkaClient

from adapter.kafka.sikkerhet import Sikkerhet


def follow_password(client: AIOKafkaClient, given: Sikkerhet) -> None:
    """Have a client read the file anew for each connection. One without such a file stays as it is."""
    if given.passord_fil:
        # aiokafka makes its clients itself, so one cannot be given to it.
        client.__class__ = _Following
        client.given = given


class _Following(AIOKafkaClient):  # type: ignore[misc]  # aiokafka has no types
    given: Sikkerhet

    @property
    def _sasl_plain_password(self) -> str:
        """Raises OSError, which aiokafka takes for a connection that failed, and tries again."""
        try:
            return self.given.password().reveal()
        except UnicodeDecodeError:
            raise OSError(f"{self.given.passord_fil} is not text") from None
