"""The whole bus: every recipient's year, interleaved in the order of delivery."""

import random
from collections.abc import Iterator, Sequence
from datetime import date

from adapter.simulate.careers import draw_recipient, live
from adapter.simulate.envelope import SimulatedRecord, write
from adapter.simulate.history import History
from adapter.simulate.identities import Identities, Unit
from adapter.simulate.mess import make_mess
from adapter.simulate.spool import Spool
from adapter.simulate.tally import SimulationTally


def simulate(
    persons: int,
    year: int,
    seed: int,
    units: Sequence[Unit],
    *,
    mess: bool = False,
    tally: SimulationTally | None = None,
) -> Iterator[SimulatedRecord]:
    """A year of events for `persons` recipients, in delivery order; the same arguments give the same bytes.

    `units` are the (kommunenummer, bydelsnummer or "") the recipients are spread over. With `mess`, everything in
    `mess.py` goes wrong at its share. All lives are drawn before the first record comes. `tally` is filled on the way.
    """
    if not units:
        raise ValueError('simulate needs at least one unit: (kommunenummer, bydelsnummer or "")')
    tally = SimulationTally() if tally is None else tally
    identities, new_year = Identities(), date(year, 1, 1)
    with Spool() as spool:
        for index in range(persons):
            rng = random.Random(f"{seed}:{index}")
            recipient = draw_recipient(rng, year, identities)
            drafts = live(recipient, year, units, rng).drafts
            tally.persons += 1
            if mess:
                # A generator of its own: the same lives with and without mess.
                history = History(recipient, drafts, tuple(units), new_year, random.Random(f"{seed}:{index}:mess"))
                make_mess(history, tally, first=index == 0)
            for order, draft in enumerate(drafts):
                spool.add(draft.moment, index, order, write(draft, new_year))
        for record in spool.in_order():
            tally.records[record.expected] += 1
            yield record
