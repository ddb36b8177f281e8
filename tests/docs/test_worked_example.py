"""The producers' worked example comes out as the document says, and its ten mistakes are real ones."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapter.domain.fold import Put
from adapter.domain.outcome import PARK_CODES
from tests.contract.examples import broken, read
from tests.docs.commands import PROJECT, Command, commands, files
from tests.docs.ground import Ground
from tests.docs.test_every_command_is_run import SETTING_UP

DOCUMENT = "topics/README.md"
TEXT = (PROJECT / DOCUMENT).read_text("utf-8")
MISTAKES = re.findall(r"^\| (\d+) \| ([^|]+) \|", TEXT, re.MULTILINE)


@pytest.fixture
def installed(kafka_bootstrap: str, tmp_path: Path) -> Iterator[Ground]:
    with Ground(tmp_path, kafka_bootstrap, persons=0) as ground:
        for number, text in enumerate(SETTING_UP[:5]):
            ground.type(Command("setting up", number, text))
        yield ground


@pytest.mark.kafka
@pytest.mark.timeout(1200)
def test_a_producer_gets_from_nothing_to_what_the_adapter_made_of_it(installed: Ground) -> None:
    assert shutil.which("kcat"), "kcat is not there: run tests/docs/install.sh"
    installed.save(files(DOCUMENT))
    said = {one.text: installed.type(one) for one in commands(DOCUMENT) if not one.inline}
    check, kcat, send, metrics, letters, state = said.values()
    printed = TEXT.partition("```sh\niplos-adapter contract check hendelser.jsonl\n```\n\n```\n")[2].partition("```")[0]
    assert check == printed
    assert not kcat
    # kcat and Python agree on the partition: the person is in one place.
    assert len(set(re.findall(r"partisjon (\d+)", send))) == 1
    assert outcomes(metrics) == {"applied": 2, "duplicate": 2, "parked missing-field": 2}
    assert letters.count("missing-field") > 1
    assert "tjeneste-1" in state
    assert "14833800842" not in state


def outcomes(metrics: str) -> Counter[str]:
    """By outcome and code, of every type of event."""
    found: Counter[str] = Counter()
    for labels, number in re.findall(r"^iplos_events_total\{(.*)\} ([\d.]+)$", metrics, re.MULTILINE):
        told = dict(re.findall(r'(\w+)="([^"]*)"', labels))
        found[f"{told['outcome']} {told['code']}".strip()] += int(float(number))
    return +found


def test_the_corrected_line_is_read_as_the_document_says() -> None:
    corrected = files(DOCUMENT)["hendelser.jsonl"].replace('"tjeneste-2",', '"tjeneste-2","versjon":1,')
    assert corrected != files(DOCUMENT)["hendelser.jsonl"]
    assert [type(read(json.loads(line)).result) for line in corrected.splitlines()] == [Put, Put, Put]


def test_the_ten_usual_mistakes_have_codes_that_events_are_parked_with() -> None:
    assert [number for number, _ in MISTAKES] == [str(one) for one in range(1, 11)]
    codes = [code.strip("`") for _, code in MISTAKES[:9]]
    assert set(codes) <= set(PARK_CODES)
    assert len(set(codes)) == len(codes)


def test_every_usual_mistake_has_an_example_to_look_up() -> None:
    codes = {code.strip("`") for _, code in MISTAKES[:9]}
    assert codes <= {one.code for one in broken()}
