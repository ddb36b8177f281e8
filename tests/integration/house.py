"""A whole installation for one test: its own topics, keys and configuration on a real broker, and real processes of it.

What a killed process had counted is gone with it, so the tests go by what lasts: committed offsets, state, dead letters.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import aiohttp
from aiokafka import AIOKafkaProducer
from prometheus_client.parser import text_string_to_metric_families

from adapter import shipped
from adapter.config import Config, load
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.dead_letter import Letter, Origin, open_letter
from adapter.ingest.offline import Hendelser, fold_all
from adapter.ingest.reading import Reader
from adapter.kafka.clients import admin
from adapter.kafka.log_reader import Record, read_to_end
from adapter.kafka.offsets import committed_offsets, end_offsets
from adapter.sandbox import leash
from adapter.sandbox.topics import OwnTopics
from adapter.sealing import Sealer, new_key_file
from adapter.simulate import SimulatedRecord, simulate
