"""A municipality with two years behind it and everything wrong that can be, for looking at the gap report."""

from datetime import date

from adapter.cli.gaps_from_file import WatchingReader
from adapter.domain.enhet import Enhet
from adapter.ingest.offline import fold_all
from adapter.report.gaps.collect import collect
from adapter.report.gaps.grunnlag import make_grunnlag
from adapter.report.gaps.mangelrapport import Hendelsesregnskap, Mangelrapport
from adapter.report.population import Population
from adapter.sealing import Sealer
from adapter.settings.example import example_of
from adapter.simulate import simulate

TRONDHEIM = Enhet("5001")


def two_years() -> Mangelrapport:
    """The report for 2018 of 250 recipients, with 150 recipients of the year before in the state.

    No safety alarm was told of before 2018: whether an alarm counts swings most
    between years.
    """
    reader = WatchingReader(Sealer({"test": bytes(32)}, bytes(32)))
    delivered = [
        record.delivered
        for persons, year, seed in ((150, 2017, 4), (250, 2018, 5))
        for record in simulate(persons, year, seed, [TRONDHEIM], mess=year == 2018)
        if _is_told(record.delivered.value or b"")
    ]
    hendelser = fold_all(delivered, reader)
    ground = make_grunnlag(example_of("5001"), TRONDHEIM, 2018, date(2018, 12, 10))
    return collect(
        ground,
        Population.of(hendelser.states, ground.overgang),
        TRONDHEIM,
        "hendelsesfil",
        i_dora=reader.door.of({TRONDHEIM.kommunenummer}),
        hendelser=Hendelsesregnskap(inn=hendelser.antall, utfall=hendelser.etter_utfall()),
    )


def _is_told(value: bytes) -> bool:
    return b'"tjenestetype":6,' not in value or b'"fraDato":"2018' in value
