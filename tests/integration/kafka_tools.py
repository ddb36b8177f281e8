"""Kafka's own command line tools, run by the Java and the jars that the sandbox has."""

import asyncio
import os

from adapter.sandbox.jars import ensure_jars, read_lock
from adapter.sandbox.java import find_java
from adapter.sandbox.place import sandbox_folder

TOOLS = {
    "kafka-consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "kafka-configs": "kafka.admin.ConfigCommand",
}


async def kafka_tool(name: str, *arguments: str) -> str:
    """Run it and wait; what it printed. AssertionError with that when it fails."""
    jars = ensure_jars(sandbox_folder() / "jars", read_lock())
    classpath = os.pathsep.join(map(str, jars))
    tool = await asyncio.create_subprocess_exec(
        *(str(find_java()), "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classpath, TOOLS[name], *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await tool.communicate()
    assert tool.returncode == 0, printed.decode()
    return printed.decode()
