"""A real Apache Kafka on this machine, for the tests and the demo. See README.md."""

from adapter.sandbox.error import SandboxError
from adapter.sandbox.kafka import KafkaSandbox

__all__ = ["KafkaSandbox", "SandboxError"]
