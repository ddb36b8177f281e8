"""Whether two messages are a pair: the same running number, the same persons, the same sender, unit and year."""

from collections.abc import Iterator

from adapter.fake_kpr.contents import Innhold


def differences(enhet: str, aar: str, ipl: Innhold, ide: Innhold) -> list[str]:
    """What is wrong with the pair, one sentence each; `enhet` and `aar` are what the dispatch's headers say."""
    return list(_differences(enhet, aar, ipl, ide))


def _differences(enhet: str, aar: str, ipl: Innhold, ide: Innhold) -> Iterator[str]:
    if ipl.lopenr != ide.lopenr:
        yield f"the running numbers differ: {ipl.lopenr} and {ide.lopenr}"
    if ipl.personer != ide.personer:
        without_ident, without_care = len(ipl.personer - ide.personer), len(ide.personer - ipl.personer)
        yield f"{without_ident} persons have no identity, {without_care} identities have no person"
    if ipl.original.avsender.orgnr != ide.original.avsender.orgnr:
        yield "the senders differ"
    if not ipl.aar == ide.aar == aar:
        yield f"the years differ: {ipl.aar}, {ide.aar}, and {aar} in the headers"
    kommunenummer, _, bydelsnummer = enhet.partition("-")
    if ipl.kommunenummer != kommunenummer or (bydelsnummer and ipl.bydelsnummer != bydelsnummer):
        yield f"the unit is {ipl.kommunenummer}-{ipl.bydelsnummer}, and {enhet} in the headers"
    for name, one in (("care data", ipl), ("identities", ide)):
        if one.doble:
            yield f"{one.doble} persons stand more than once in the {name}"
