"""`iplos-adapter doctor` on a broker with every lock on: what a user lacks is wrong, what it may not see unknown."""

import json
from collections.abc import Callable

import pytest

from tests.security.acls import Acls
from tests.security.installation import Installation, seen

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400)]


async def verdicts(inst: Installation, who: str) -> dict[str, dict[str, str]]:
    """One check for each code; the topics' many lines are not looked at here."""
    done = await inst.cli(who, "doctor", "--principal", who, "--json")
    assert "Traceback" not in done.stderr
    return {one["code"]: one for one in json.loads(done.stdout)["checks"]}


async def test_each_user_sees_what_it_may_and_is_told_what_it_may_not(
    installed: Callable[[str], Installation],
) -> None:
    inst = installed("lege")
    await inst.make(*inst.topics.__struct_fields__)
    async with Acls(inst.strong.caretaker) as acls:
        await acls.give(inst.wanted())
        adapter = await seen(lambda: verdicts(inst, "adapter"), lambda found: found["accesses"]["verdict"] == "ok")
        assert adapter["broker"]["text"].endswith("over SASL_SSL, as adapter; 1 broker(s)")
        assert [adapter[code]["verdict"] for code in ("state", "certificates")] == ["ok", "ok"]
        # The plan lets nobody describe the cluster itself.
        for code in ("clock", "offsets-retention"):
            assert adapter[code]["verdict"] == "unknown"
            assert "ClusterAuthorizationFailedError" in adapter[code]["text"]
            assert adapter[code]["todo"]

        drift = await verdicts(inst, "drift")
        assert (drift["accesses"]["verdict"], drift["state"]["verdict"]) == ("ok", "unknown")
        assert "run doctor as the service's own principal" in drift["state"]["todo"]

        grant = next(one for one in inst.wanted() if one.who == "drift" and one.operation == "write")
        await acls.take([grant])
        lacking = await seen(lambda: verdicts(inst, "drift"), lambda found: found["accesses"]["verdict"] != "ok")
        assert lacking["accesses"]["verdict"] == "wrong"
        assert "grant drift" in lacking["accesses"]["todo"]
