"""`iplos-adapter dlq replay` and `discard`: what becomes of letters. Both only tell, until --really."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated, Any

import typer
from rich.table import Table

from adapter.cli.console import (
    AsJson,
    ConfigPath,
    Exit,
    checked,
    fail,
    out,
    print_json,
    run_async,
    sealer_of,
    settings,
)
from adapter.cli.dlq_options import (
    BydelOf,
    Codes,
    From,
    KommuneOf,
    Limit,
    Older,
    Reason,
    Since,
    Types,
    Until,
    chosen,
    described,
    print_line,
    who_asks,
)
from adapter.cli.progress import bar
from adapter.ingest.cloudevent import Delivered
from adapter.ingest.reading import Reader
from adapter.kafka.topic_admin import TopicAdminError
from adapter.letters.box import Box
from adapter.letters.consider import Considered, consider
from adapter.letters.dealing import FencedError
from adapter.letters.replay import discard as discard_letters
from adapter.letters.replay import meant
from adapter.letters.replay import replay as replay_letters
from adapter.letters.verdict import Read, Terms, Verdict, goes
from adapter.packs import load_places
from adapter.report.setup import our_numbers
from adapter.sealing import Sealer
from adapter.settings.config import Config

Really = Annotated[bool, typer.Option("--really", help="Do it. Without this nothing is done.")]


def replay(  # noqa: PLR0913, PLR0917  # one parameter an option
    code: Codes = None,
    type_: Types = None,
    since: Since = None,
    until: Until = None,
    kommune: KommuneOf = "",
    bydel: BydelOf = "",
    origin: From = "",
    older: Older = False,
    really: Really = False,
    also_broken: Annotated[
        bool, typer.Option("--also-broken", help="Also those that would be parked again as things are.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Also those that have been replayed three times.")] = False,
    reason: Reason = "",
    limit: Limit = 20,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Put letters back on the bus as they came, where this program would accept them now. Without --really: only tell.

    The exit code is 1 when some of them do not go.

    Example: iplos-adapter dlq replay --older-version --really
    """
    loaded = checked(settings(config))
    selection = chosen(code, type_, since, until, kommune, bydel, origin, older)
    who, sealer, terms = who_asks(reason), sealer_of(loaded), Terms(also_broken=also_broken, force=force)
    read = reading_now(loaded, sealer)
    with bar("replaying" if really else "trying") as progress:
        box = Box(loaded.kafka, loaded.topics.avvist, progress)
        tried = (
            replay_letters(loaded, box, selection, sealer, read, terms, who)
            if really
            else consider(loaded, box, selection, sealer, read, terms)
        )
        told = _run(tried, terms, limit)
    told.tell("replayed" if really else "would be replayed", as_json=as_json)


def discard(  # noqa: PLR0913, PLR0917  # one parameter an option
    code: Codes = None,
    type_: Types = None,
    since: Since = None,
    until: Until = None,
    kommune: KommuneOf = "",
    bydel: BydelOf = "",
    origin: From = "",
    older: Older = False,
    really: Really = False,
    reason: Reason = "",
    limit: Limit = 20,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Mark letters as dealt with: nothing more is to be done. They stay until retention. Without --really: only tell.

    Example: iplos-adapter dlq discard --code too-large --reason "testfil, sendt ved en feil" --really
    """
    loaded = settings(config)
    selection, who = chosen(code, type_, since, until, kommune, bydel, origin, older), who_asks(reason)
    if selection.takes_all:
        fail("discard needs to know which: give at least one of the options that choose letters", Exit.USAGE)
    if really and not reason:
        fail("why is nothing more to be done? say it with --reason", Exit.USAGE)
    with bar("discarding" if really else "looking") as progress:
        box = Box(loaded.kafka, loaded.topics.avvist, progress)
        told = _run(discard_letters(loaded, box, selection, who) if really else meant(box, selection), Terms(), limit)
    told.tell("discarded" if really else "would be discarded", as_json=as_json)


def reading_now(config: Config, sealer: Sealer) -> Read:
    """How the program and the settings at hand read an event."""
    reader = Reader(sealer, our_numbers(config, load_places()), config.ingest.maks_hendelse)
    return lambda letter: reader.read(Delivered(letter.key, letter.value, letter.headers)).result


class _Told:
    """What became, or would become, of how many letters; and some of them one by one."""

    def __init__(self) -> None:
        self.counts: Counter[Verdict] = Counter()
        self.going = 0
        self.some: list[dict[str, str]] = []

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def tell(self, done: str, *, as_json: bool) -> None:
        """Print it, and end with exit code 1 when some do not go."""
        counts = [{**verdict._asdict(), "letters": number} for verdict, number in self.counts.most_common()]
        if as_json:
            print_json(
                {"letters": self.some, "verdicts": counts, "total": self.total, done.replace(" ", "_"): self.going}
            )
        else:
            self._print(counts, done)
        if self.going < self.total:
            raise typer.Exit(Exit.FINDINGS)

    def _print(self, counts: list[dict[str, Any]], done: str) -> None:
        for one in self.some:
            print_line(one)
        table = Table("verdict", "code now", "field now", "letters")
        for row in counts:
            table.add_row(row["name"], row["code"], row["field"], str(row["letters"]))
        if counts:
            out.print(table)
        out.print(f"{self.going} of {self.total} letters {done}", highlight=False)


def _run(letters: AsyncIterator[Considered], terms: Terms, limit: int) -> _Told:
    told = _Told()

    async def all_of_them() -> None:
        async for head, verdict, _ in letters:
            told.counts[verdict] += 1
            told.going += goes(verdict, terms)
            if len(told.some) < limit:
                now = {"verdict": verdict.name, "code_now": verdict.code, "field_now": verdict.field}
                told.some.append({**described(head), **now})

    try:
        run_async(all_of_them)
    except (FencedError, TopicAdminError) as error:
        fail(str(error), Exit.REFUSED)
    return told
