"""`python -m tests.chaos --faults 200 --seed 7`: carry out a chaos run and tell what came of it. Exit code 1 when a
promise was broken; then the logs are kept, and the same seed plays the same faults again.
"""

import argparse
import asyncio
import json
import logging
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos import report
from tests.chaos.run import Order, carry_out
from tests.chaos.schedule import plan, written
from tests.chaos.small_disk import SmallDisk, SmallDiskError
from tests.chaos.verdict import promises

DISK_MEGABYTES = 1024


def main() -> int:
    options = read_options()
    schedule = plan(options.seed, options.faults)
    if options.plan:
        sys.stdout.write(written(schedule))
        return 0
    command = (
        f"python -m tests.chaos --faults {options.faults} --seed {options.seed} "
        f"--rate {options.rate} --minutes {options.minutes:g}"
    )
    say(f"{command}\n")
    # The driver's own clients complain of every broker that is away, as they should.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    disk = small_disk(folder)
    order = Order(options.seed, schedule, options.rate, options.minutes)
    records, aftermath = asyncio.run(carry_out(order, folder, disk, say))
    kept = promises(records, aftermath)
    say("\n" + report.text(command, records, aftermath, kept))
    if options.json:
        options.json.write_text(json.dumps(report.as_json(command, records, aftermath, kept), indent=1) + "\n")
    if isinstance(disk, SmallDisk):
        disk.unmount()
    if all(one.kept for one in kept):
        shutil.rmtree(folder)
        return 0
    say(f"logs of the workers: {folder}")
    return 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Faults under load, and what they do.")
    parser.add_argument("--faults", type=int, default=200, help="how many (200)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000), help="any (random)")
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no more faults after so many (60)")
    parser.add_argument("--rate", type=int, default=120, help="events a second (120)")
    parser.add_argument("--json", type=Path, help="write the report here, too")
    parser.add_argument("--plan", action="store_true", help="print the plan and do nothing")
    return parser.parse_args()


def small_disk(folder: Path) -> SmallDisk | str:
    try:
        return SmallDisk.mount(folder / "small-disk", DISK_MEGABYTES)
    except SmallDiskError as error:
        return f"no small disk here ({error.strerror})"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
