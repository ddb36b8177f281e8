"""Python's search for garbage in cycles, told what this service is like.

Nearly everything here is either there for good (modules, types, settings) or an event, which is in no cycle and goes
with the last who holds it. As Python comes, a search begins at every 700 things made, several times a batch.
"""

import gc

# Things made between two searches: a few batches. What stays in cycles meanwhile (an error and its story) is small.
MADE_BETWEEN = 20_000


def spare_what_stays() -> None:
    """Take what is there now out of every search to come, and search less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN, *gc.get_threshold()[1:])
