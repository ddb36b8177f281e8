"""The whole examination: look, judge, in the order in which what is wrong is mended."""

from collections.abc import Callable
from datetime import datetime

from adapter.doctor.check import Check, Unknown
from adapter.doctor.cluster import (
    judge_accesses,
    judge_broker,
    judge_clock,
    judge_group,
    judge_offsets_retention,
    judge_topics,
)
from adapter.doctor.holdings import StateSeen, judge_pack, judge_settings, judge_state
from adapter.doctor.look_at_cluster import (
    look_at_accesses,
    look_at_broker,
    look_at_clock,
    look_at_group,
    look_at_offsets_retention,
    look_at_topics,
)
from adapter.doctor.look_at_holdings import largest_sent, look_at_pack, look_at_state
from adapter.doctor.look_at_machine import (
    look_at_certificates,
    look_at_disk,
    look_at_key_file,
    look_at_memory,
    look_at_port,
    read_keys,
)
from adapter.doctor.machine import judge_certificates, judge_disk, judge_http, judge_key_file, judge_memory
from adapter.packs import load_places
from adapter.report.setup import unknown_municipalities
from adapter.sealing import KeyFile, Sealer
from adapter.settings.config import Config
from adapter.settings.planned_topics import needed_by


async def examine(config: Config, who: str, now: datetime, progress: Callable[[int, int], None]) -> list[Check]:
    """Every check, in order. `who` is the principal of the plan that this configuration logs in as."""
    keys = read_keys(config.nokkelfil)
    checks = [
        judge_settings(
            unknown_municipalities(config, load_places()),
            [one.nummer for one in config.kommuner],
            receiver=config.mottaker is not None,
            send=config.rapport.send,
        ),
        judge_key_file(look_at_key_file(config.nokkelfil, keys)),
        judge_certificates(look_at_certificates(config), now),
    ]
    broker = await look_at_broker(config)
    checks.append(judge_broker(broker))
    persons, sent = None, None
    if broker.problem is None:
        sealer = Sealer.of(keys) if isinstance(keys, KeyFile) else None
        state = await look_at_state(config, sealer, progress)
        checks += await _cluster(config, who, state)
        persons = state.persons if isinstance(state, StateSeen) and not state.problem else None
        sent = await largest_sent(config)
    port = await look_at_port(config.http.vert, config.http.port)
    return [
        *checks,
        judge_pack(look_at_pack(config, now.date()), config.rapport.send),
        judge_disk(look_at_disk(), persons, sent),
        judge_memory(look_at_memory(), persons, running=port.who in {"ready", "not-ready"}),
        judge_http(port),
    ]


async def _cluster(config: Config, who: str, state: StateSeen | Unknown) -> list[Check]:
    wanted = needed_by(who, config)
    return [
        judge_accesses(await look_at_accesses(config, wanted), who, len(wanted)),
        *judge_topics(await look_at_topics(config)),
        judge_offsets_retention(await look_at_offsets_retention(config)),
        judge_clock(await look_at_clock(config)),
        judge_group(await look_at_group(config)),
        judge_state(state),
    ]
