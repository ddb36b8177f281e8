"""KPR_IDE: who the persons are, message 53.1.2 (domain/iplos.md section 4). Only here is a number in clear."""

from adapter.domain.yearpack import YearPack
from adapter.message.kpr_ipl import Innholdsinfo
from adapter.message.text import escape_attribute as attr

# The element the persons stand in.
HOLDER = "Institusjon"
# List 8471 as the format of 2018 has it: 16 is «IPLOS». 17 was added later and is refused by that schema.
IPLOS_CONTACT = 16


def head(info: Innholdsinfo, pack: YearPack, navnerom: str, versjon: str, institusjon: str) -> str:
    """From the root element to the last line before the first person."""
    kontakter = "".join(
        f'<Kontaktperson kontPerson="{attr(one.navn)}" meldTelefon="{attr(one.telefon)}" '
        f'meldEpost1="{attr(one.epost)}" typeKontaktperson="{IPLOS_CONTACT}"/>\n'
        for one in info.kontakter
    )
    return (
        f'<Melding xmlns="{navnerom}" versjon="{versjon}" meldingstype="{pack.antakelser.ident_meldingstype}" '
        f'fraDatoPeriode="{pack.start}" tilDatoPeriode="{pack.slutt}" uttakDato="{info.laget_dato}" '
        f'leverandor="{attr(info.system)}" navnEPJ="{attr(info.system)}" versjonEPJ="{attr(info.systemversjon)}" '
        f'versjonUt="{attr(info.systemversjon)}" lopenr="{attr(info.lopenr)}">\n{kontakter}'
        f'<Institusjon institusjonID="{attr(institusjon)}">\n'
    )


TAIL = "</Institusjon>\n</Melding>\n"


def person(number: int, ident: str, type_id: str) -> str:
    """One PasientIdent. `ident` is the identity number in clear: it must go nowhere but into the message."""
    return f'<PasientIdent pid="{number}" fid="{attr(ident)}" typeID="{type_id}"/>\n'
