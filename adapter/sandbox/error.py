"""The one error of this folder."""

EXTRA = "pip install iplos-adapter[sandbox]"
ELSEWHERE = "To use a Kafka that already runs, set KAFKA_BOOTSTRAP=host:port; then nothing is fetched or started."


class SandboxError(RuntimeError):
    """No Kafka, and why. Always ends with the way round: a broker that already runs."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}\n{ELSEWHERE}")
