"""Every command that a document names is one that can be typed. A planted fault is seen, and told with its place."""

import re

import pytest

from tests.docs.commands import PROJECT, commands, documents, read
from tests.docs.looked_at import faults
from tests.docs.table import BEFORE, ENDS, GOES_ON, NOT_RUN, PRODUCES, RUN

PLANTED = {
    "iplos-adapter reprot --kommune 5001 --year 2018": "has no command `reprot`",
    "iplos-adapter dlq lst": "has no command `lst`",
    "iplos-adapter report --kommun 5001 --year 2018": "No such option: --kommun",
    "iplos-adapter report --kommune 5001": "must be told --year",
    "iplos-adapter year close 2018 2019": "does not know what to do with `2019`",
    "make tset": "no target tset",
    'make bench BENCH_ARG="--quick"': "no setting BENCH_ARG",
    "python -m adapter.dmo": "no adapter.dmo",
    "python -m adapter.demo --person 20": "no option --person",
    "python -m adapter.cli": "no adapter.cli",
    "pip install --require-hashes -r requirements/none.lock": "no requirements/none.lock",
    "kubectl apply --kustomize deploy/kubernetes/overlays/none": "no deploy/kubernetes/overlays/none",
    "kubectl exec deploy/iplos-adapter -- iplos-adapter calender": "has no command `calender`",
    "frobnicate --all": "no class of commands has it",
    "iplos-adapter dlq list --json | frobnicate": "no class of commands has it",
}


@pytest.mark.parametrize("document", documents())
def test_what_a_document_says_to_type_is_there(document: str) -> None:
    assert not [fault for command in commands(document) for fault in faults(command)]


@pytest.mark.parametrize(("text", "told"), PLANTED.items())
def test_a_command_that_is_not_there_is_told_with_its_place(text: str, told: str) -> None:
    (command,) = read("PLANTED.md", f"Do this:\n\n    {text}\n")
    (fault,) = faults(command)
    assert fault.startswith(f"PLANTED.md:3: `{text}`: ")
    assert told in fault


def test_commands_are_found_wherever_a_document_has_them() -> None:
    text = """Type `make check`, or:

    make test    takes longer
    iplos-adapter config example > file.toml  # all of it

1. In a list:

       iplos-adapter report --kommune 5001 \\
         --year 2018

```sh
curl http://127.0.0.1/
```

```
 a picture ──► iplos-adapter
```

| code | what to do |
|---|---|
| `x` | `dlq list`, then `python -m adapter.demo [--persons 20]` |

Names: `keys rotate | list`, `state-too-large`, `adapter/demo`.
"""
    assert [(one.line, one.text, one.inline) for one in read("d", text)] == [
        (1, "make check", True),
        (3, "make test", False),
        (4, "iplos-adapter config example > file.toml", False),
        (8, "iplos-adapter report --kommune 5001 --year 2018", False),
        (12, "curl http://127.0.0.1/", False),
        (21, "iplos-adapter dlq list", True),
        (21, "python -m adapter.demo --persons 20", True),
        (23, "iplos-adapter keys rotate", True),
        (23, "iplos-adapter keys list", True),
    ]


def test_the_table_tells_of_nothing_that_no_document_says() -> None:
    said = [command.text for document in documents() for command in commands(document)]
    told = [*(one.begins for one in NOT_RUN), *(one.begins for one in ENDS), *GOES_ON, *BEFORE, *RUN, *PRODUCES]
    assert not [begins for begins in told if not any(text.startswith(begins) for text in said)]


def test_reasons_name_tests_that_exist() -> None:
    named = {name for kept in NOT_RUN for name in re.findall(r"tests/\S+\.py", kept.why)}
    assert named
    assert not [name for name in named if not (PROJECT / name).is_file()]
