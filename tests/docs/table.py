"""What is known of the documents' commands, as data: all are run as they are written but for what stands here."""

from typing import NamedTuple

# Groups of `iplos-adapter` that documents name without the program in front.
GROUPS = frozenset(
    {"audit", "config", "contract", "dlq", "keys", "runs", "state", "topics", "transport", "year"}
)  # those with commands of their own
# Blocks that hold no commands begin like this: a folder's picture.
NO_COMMANDS = ("my-packs/\n",)
# Programs that stand between backticks.
PROGRAMS = frozenset(
    {
        "iplos-adapter",
        "make",
        "python",
        "pip",
        "curl",
        "kcat",
        "kubectl",
        "docker",
        "openssl",
        "sed",
        "grep",
        "export",
        "eval",
    }
)


class Kept(NamedTuple):
    """Commands that begin like this are not run, but looked at: names, options and files must be there."""

    begins: str
    why: str


NOT_RUN = (
    Kept("make ", "each is the suite itself, runs it, or takes hours; the targets' own commands stand in the Makefile"),
    Kept("KAFKA_BOOTSTRAP=host:port make ", "as make"),
    Kept("pip install", "tests/deploy/test_wheel.py installs by the Dockerfile's lines, which are these"),
    Kept(
        'ADAPTER_USER="$(id -u):$(id -g)" docker ',
        "no engine where the tests run; tests/deploy/test_compose.py holds the file to its schema",
    ),
    Kept(
        "kubectl ", "no cluster where the tests run; tests/deploy/test_kubernetes.py holds the files to their schemas"
    ),
    Kept(
        "iplos-adapter --install-completion",
        "changes the files of whoever's shell it is; tests/unit/test_cli_contents.py",
    ),
    Kept("openssl s_client", "shows the certificate of somebody else's broker"),
    Kept("python -m adapter.demo", "tests/integration/test_demo.py plays it"),
    Kept("python -m adapter.sandbox", "tests/conftest.py starts such a broker; the rest fetches from elsewhere"),
    Kept("python -m adapter.ingest.contract_files", "writes into the project; make check runs it into another folder"),
    Kept("python -m tests.golden.", "writes what is golden, and is never run by a test"),
    Kept("python -m tests.bench", "hours, in an environment of its own; make bench-smoke is the short form"),
    Kept("python -m tests.fuzz", "wants the fuzzer's own lock; tests/property/test_fuzz_targets.py has the targets"),
    Kept("python -m tests.chaos --faults 200 --seed 7", "hours; tests/chaos/test_chaos.py runs a dozen"),
)
# Looked at before NOT_RUN.
RUN = ("python -m tests.chaos --faults 200 --seed 7 --plan",)

# These go on until they are stopped: the log event that says they are under way. The service is asked
# over HTTP, too.
GOES_ON = {
    "iplos-adapter run": "listening",
    "iplos-adapter fake-kpr --out received": "message",
    "iplos-adapter fake-kpr --out received --behave KPR_IDE=late:5 --behave KPR_IPL=twice": "message",
}

# What must have been done before, and no document need say.
_REPORTS = tuple(f'iplos-adapter report --kommune 5001 --year 2018 --reason "{one}"' for one in ("a", "b", "c"))
BEFORE = {
    "iplos-adapter fake-kpr --out received --behave reject:T02,ok --once 4": _REPORTS[:2],
    "iplos-adapter fake-kpr --out received --behave KPR_IDE=late:5 --behave KPR_IPL=twice": _REPORTS[2:],
}


class Ends(NamedTuple):
    """Commands that begin like this end with another code than 0, and should; in one document only, if it is named."""

    begins: str
    code: int
    why: str
    document: str = ""

    def fits(self, document: str, text: str) -> bool:
        """Whether this is told of that command of that document."""
        return text.startswith(self.begins) and self.document in {"", document}


ENDS: tuple[Ends, ...] = (
    Ends("iplos-adapter topics check", 1, "typed before the topics are made", "README.md"),
    Ends("iplos-adapter doctor", 1, "there is no complete pack for the year that is now"),
    Ends("iplos-adapter gaps", 1, "the made-up year has findings"),
    Ends("iplos-adapter dlq list", 1, "the made-up year has broken events"),
    Ends("iplos-adapter dlq replay --older-version --really", 0, "there are none of an older version"),
    Ends("iplos-adapter dlq replay", 1, "what was broken is broken still"),
    Ends("iplos-adapter dlq discard --origin", 0, "the letter is named"),
    Ends("iplos-adapter dlq discard", 2, "a name only: it wants to know which letters"),
    Ends("iplos-adapter contract check", 1, "the made-up year has broken events"),
    Ends("iplos-adapter state import", 4, "the service runs, and the state is there"),
)

# Commands after which the reader looks at what the service made of it.
PRODUCES = ("kcat -P ", "python send.py ")

# What a reader puts in the place of a word: everywhere, and in the commands that begin like this.
PLACEHOLDERS = {"NUMBER": "5001", "YEAR": "2018", "FOLDER": "my-packs/2022", "INSTANCE": "127.0.0.1:8680"}
FILES = {
    "contract check": {"FILE": "events.jsonl", "FIL": "events.jsonl"},
    "state import": {"FILE": "tilstand.iplos"},
    "state export": {"FILE": "another.iplos"},
    "openssl": {"FILE": "certificate.pem"},
}
