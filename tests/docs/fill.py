"""What a reader puts in the place of words in capitals: some always the same, some looked up first."""

import asyncio
import json
import re
from collections.abc import Callable

from adapter.kafka.log_reader import read_to_end
from adapter.settings.config import Config
from tests.docs.table import FILES, PLACEHOLDERS

Ask = Callable[[str], str]


def fill(text: str, ask: Ask, config: Callable[[], Config]) -> str:
    """The command as it is typed. `ask` types another one first, and gives what it printed."""
    looked_up: dict[str, Callable[[], str]] = {
        "RUN": lambda: _newest_run(ask),
        "ORIGIN": lambda: _oldest_letter(ask),
        "PERSONKEY": lambda: asyncio.run(_somebody(config())),
    }
    files = next((meant for part, meant in FILES.items() if part in text), {})
    for word, meant in {**PLACEHOLDERS, **files}.items():
        text = re.sub(rf"\b{word}\b", meant, text)
    for word, look_up in looked_up.items():
        if re.search(rf"\b{word}\b", text):
            text = re.sub(rf"\b{word}\b", look_up(), text)
    return text


def _newest_run(ask: Ask) -> str:
    return str(json.loads(ask("iplos-adapter runs list --json"))[-1]["kjoring"])


def _oldest_letter(ask: Ask) -> str:
    return str(json.loads(ask("iplos-adapter dlq list --json"))["letters"][0]["origin"])


async def _somebody(config: Config) -> str:
    """The key of a person in the state."""
    chunks = [chunk async for chunk in read_to_end(config.kafka, config.topics.tilstand)]
    return next(one.key.decode() for chunk in chunks for one in chunk.records if one.key and one.value)
