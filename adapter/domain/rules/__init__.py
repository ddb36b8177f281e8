"""The catalogue of rules: one file a rule, listed here once, in the order of the catalogue (domain/iplos.md 7.4)."""

from adapter.domain.rules.d1_diagnosis_form import RULE as D1
from adapter.domain.rules.f1_scores_exist import RULE as F1
from adapter.domain.rules.f2_score_value import RULE as F2
from adapter.domain.rules.i1_identity_number import RULE as I1
from adapter.domain.rules.i2_shared_number import RULE as I2
from adapter.domain.rules.i3_h_number import RULE as I3
from adapter.domain.rules.m1_schema_faults import RULE as M1
from adapter.domain.rules.m2_period_and_version import RULE as M2
from adapter.domain.rules.m3_municipality_of_the_year import RULE as M3
from adapter.domain.rules.m4_district import RULE as M4
from adapter.domain.rules.m5_contacts import RULE as M5
from adapter.domain.rules.m6_the_pair import RULE as M6
from adapter.domain.rules.p1_age_and_sex import RULE as P1
from adapter.domain.rules.p2_death import RULE as P2
from adapter.domain.rules.p3_died_before_the_year import RULE as P3
from adapter.domain.rules.rule import Rule
from adapter.domain.rules.s1_service_code import RULE as S1
from adapter.domain.rules.s2_start_date import RULE as S2
from adapter.domain.rules.s3_end_before_start import RULE as S3
from adapter.domain.rules.s4_decision_date import RULE as S4
from adapter.domain.rules.s5_performing_unit import RULE as S5
from adapter.domain.rules.s6_hours import RULE as S6
from adapter.domain.rules.s7_same_service_twice import RULE as S7
from adapter.domain.rules.s8_refusal import RULE as S8
from adapter.domain.rules.s9_home_service_in_long_stay import RULE as S9
from adapter.domain.rules.t1_synthetic_person import RULE as T1
from adapter.domain.rules.x1_no_person_row import RULE as X1
from adapter.domain.rules.x2_person_fields import RULE as X2
from adapter.domain.rules.x3_no_identity_number import RULE as X3
from adapter.domain.rules.x4_score_without_start import RULE as X4
from adapter.domain.rules.x5_diagnosis_without_start import RULE as X5
from adapter.domain.rules.x6_stay_fields import RULE as X6
from adapter.domain.rules.x7_value_left_out import RULE as X7
from adapter.domain.rules.y1_change_from_last_year import RULE as Y1

# M the message, I identity, P person, S service, F function, D diagnosis, Y the year before, T test persons,
# X what the format cannot carry (ours, beyond the catalogue).
RULES: tuple[Rule, ...] = (
    M1,
    M2,
    M3,
    M4,
    M5,
    M6,
    I1,
    I2,
    I3,
    P1,
    P2,
    P3,
    S1,
    S2,
    S3,
    S4,
    S5,
    S6,
    S7,
    S8,
    S9,
    F1,
    F2,
    D1,
    Y1,
    T1,
    X1,
    X2,
    X3,
    X4,
    X5,
    X6,
    X7,
)

__all__ = ["RULES"]
