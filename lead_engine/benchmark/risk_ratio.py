"""The risk ratio of an ACO in a category: from sums of raw scores to what multiplies the benchmark (BMK-30 to BMK-38).

One pure function for each line of the ledger; an argument is the line or input of that name. `_at` stands for each base
year and the performance year (`_by1`, `_by2`, `_by3`, `_py`). Where a parameter chooses between ways to a line, each way
is a function and `formulas` picks. The reviewer's page: scalars or NumPy arrays, no Spark.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from .ledger import Formula, line
from .rules import CategoryRules

Number = Any  # a float or an array of floats: the same formula for one ACO and for a thousand
MILLIONTHS = 1_000_000
ENDS = ("by3", "py")  # the two ends of the ratio
CLAIMS = "C"


@line("score", "BMK-30", "BMK-38")
def raw_mean_at(score_sum_at: Number, scored_months_at: Number) -> Number:
    """Mean raw score, weighted by month, over the months that have a score."""
    return score_sum_at / scored_months_at / MILLIONTHS


@line("score", "BMK-32")
def r_hcc_at(raw_mean_at: Number, reference_mean_at: Number) -> Number:
    """Renormalised: over the mean of the national reference population of the same year, so that one is its mean."""
    return raw_mean_at / reference_mean_at


@line("score", "BMK-37", periods=ENDS)
def ai_raw_mean_at(ai_score_sum_at: Number, ai_scored_months_at: Number) -> Number:
    """Mean score of the model supplied from outside, weighted by month."""
    return ai_score_sum_at / ai_scored_months_at / MILLIONTHS


@line("score", "BMK-37", "BMK-32", periods=ENDS)
def r_ai_at(ai_raw_mean_at: Number, ai_reference_mean_at: Number) -> Number:
    """That mean, renormalised on its own reference mean before anything is blended."""
    return ai_raw_mean_at / ai_reference_mean_at


@line("score", "BMK-37", "BMK-38", switches=("benchmark/ai_weight", "benchmark/ai_categories"), periods=ENDS)
def r_at(r_hcc_at: Number) -> Number:
    """The score of the ratio where nothing is blended."""
    return r_hcc_at


@line("score", "BMK-37", "BMK-38", name="r_at", switches=("benchmark/ai_categories",), periods=ENDS)
def blended_at(r_hcc_at: Number, r_ai_at: Number, ai_weight: Number) -> Number:
    """The score of the ratio: both renormalised scores by the weight of the year, the same weight at both ends."""
    return (1 - ai_weight) * r_hcc_at + ai_weight * r_ai_at


@line("score", "BMK-34", name="r_by3")
def r_by3_of_claims(claims_r_by3: Number) -> Number:
    """The base of a voluntary cell whose people have no history of their own: that of the claims-aligned."""
    return claims_r_by3


@line("ratio", "BMK-33")
def rr_raw(r_py: Number, r_by3: Number) -> Number:
    """Growth of risk since the third base year, before any cap."""
    return r_py / r_by3


@line("score", "BMK-35", periods=ENDS)
def demographic_mean_at(demographic_sum_at: Number, demographic_months_at: Number) -> Number:
    """Mean demographic score (age, sex, original reason for entitlement, Medicaid), weighted by month."""
    return demographic_sum_at / demographic_months_at / MILLIONTHS


@line("rate", "BMK-35")
def demographic_growth(demographic_mean_py: Number, demographic_mean_by3: Number) -> Number:
    """What the people themselves explain of the growth of risk."""
    return demographic_mean_py / demographic_mean_by3 - 1


@line("ratio", "BMK-33", switches=("benchmark/cap_demographic_adjusted",))
def rr_floor(risk_cap: Number) -> Number:
    """The lowest ratio the cap lets through."""
    return 1 - risk_cap


@line("ratio", "BMK-33", switches=("benchmark/cap_demographic_adjusted",))
def rr_ceiling(risk_cap: Number) -> Number:
    """The highest ratio the cap lets through."""
    return 1 + risk_cap


@line("ratio", "BMK-35", name="rr_floor", switches=("benchmark/cap_demographic_adjusted",))
def moved_floor(risk_cap: Number, demographic_growth: Number) -> Number:
    """The lowest ratio, moved by demographic growth."""
    return 1 + demographic_growth - risk_cap


@line("ratio", "BMK-35", name="rr_ceiling", switches=("benchmark/cap_demographic_adjusted",))
def moved_ceiling(risk_cap: Number, demographic_growth: Number) -> Number:
    """The highest ratio, moved by demographic growth."""
    return 1 + demographic_growth + risk_cap


@line("flag", "BMK-34", switches=("benchmark/cap_minimum_applies", "benchmark/cap_growth_exemption_applies"))
def cap_applies() -> Number:
    """Without exemptions the cap holds for everybody."""
    return 1.0


@line("flag", "BMK-34", switches=("benchmark/cap_minimum_applies",))
def meets_minimum(
    people_by3: Number, people_py: Number, cap_minimum_people_by3: Number, cap_minimum_people_py: Number
) -> Number:
    """Whether there are enough people for the cap: the minimum itself is enough."""
    return 1.0 * np.logical_and(people_by3 >= cap_minimum_people_by3, people_py >= cap_minimum_people_py)


@line("flag", "BMK-34", switches=("benchmark/cap_growth_exemption_applies",))
def within_growth(people_by3: Number, people_py: Number, cap_exempt_growth: Number) -> Number:
    """Whether the population has not grown out of the cap: so many times the reference population is out."""
    return 1.0 * np.less(people_py, cap_exempt_growth * people_by3)


@line("flag", "BMK-34", name="cap_applies", switches=("benchmark/cap_growth_exemption_applies",))
def cap_applies_from_minimum(meets_minimum: Number) -> Number:
    """The cap holds for those with enough people."""
    return meets_minimum


@line("flag", "BMK-34", name="cap_applies", switches=("benchmark/cap_minimum_applies",))
def cap_applies_within_growth(within_growth: Number) -> Number:
    """The cap holds for those who have not grown out of it."""
    return within_growth


@line("flag", "BMK-34", name="cap_applies")
def cap_applies_with_both(meets_minimum: Number, within_growth: Number) -> Number:
    """The cap holds for those with enough people who have not grown out of it."""
    return meets_minimum * within_growth


@line("ratio", "BMK-33", "BMK-34")
def rr_capped(rr_raw: Number, rr_floor: Number, rr_ceiling: Number, cap_applies: Number) -> Number:
    """The ratio inside its cap; as it is where the cap does not apply."""
    clamped = np.minimum(np.maximum(rr_raw, rr_floor), rr_ceiling)
    return cap_applies * clamped + (1 - cap_applies) * rr_raw


@line("score", "BMK-33")
def r_capped(r_by3: Number, rr_capped: Number) -> Number:
    """The score of the performance year after the cap."""
    return r_by3 * rr_capped


@line("ratio", "BMK-36")
def cif_used(cif: Number, cif_ceiling: Number) -> Number:
    """The coding intensity factor, not above its ceiling."""
    return np.minimum(cif, cif_ceiling)


@line("ratio", "BMK-36", "BMK-38")
def rr(rr_capped: Number, cif_used: Number) -> Number:
    """The risk ratio of the benchmark: capped, then over the coding intensity factor."""
    return rr_capped / cif_used


@line("ratio", "BMK-34", "BMK-38", name="rr", switches=("benchmark/newly_voluntary_uncapped",))
def rr_with_newly_voluntary(
    rr_raw: Number, rr_capped: Number, cif_used: Number, newly_voluntary_share: Number
) -> Number:
    """The same, months of a first voluntary year taking neither cap nor factor."""
    return newly_voluntary_share * rr_raw + (1 - newly_voluntary_share) * rr_capped / cif_used


@line("score", "BMK-38")
def r_used(r_by3: Number, rr: Number) -> Number:
    """The score of the performance year as the benchmark uses it."""
    return r_by3 * rr


def formulas(
    rules: CategoryRules, route: str = CLAIMS, has_ai_scores: bool = False, has_history: bool = True
) -> tuple[Formula, ...]:
    """The formulas of a category and route under these rules: each switch picks the function of its line.

    AI-inferred scores that are given are carried to their renormalised mean also in years in which they weigh nothing
    (shadow scores). Without `has_history` the base of a voluntary cell is that of the claims cell.
    """
    ai = (ai_raw_mean_at, r_ai_at) if rules.ai_weight or has_ai_scores else ()
    score = blended_at if rules.ai_weight else r_at
    scores: tuple[Formula, ...] = (raw_mean_at, r_hcc_at, *ai, score)
    if not has_history:
        scores = (*(replace(each, periods=("py",)) for each in scores), r_by3_of_claims)
    moved = (demographic_mean_at, demographic_growth, moved_floor, moved_ceiling)
    band = moved if rules.is_demographic_adjusted else (rr_floor, rr_ceiling)
    ratio = rr if route == CLAIMS or not rules.is_newly_voluntary_uncapped else rr_with_newly_voluntary
    return (*scores, rr_raw, *band, *_cap(rules), rr_capped, r_capped, cif_used, ratio, r_used)


def _cap(rules: CategoryRules) -> tuple[Formula, ...]:
    """Whom the cap holds for."""
    if rules.has_minimum and rules.has_growth_exemption:
        return meets_minimum, within_growth, cap_applies_with_both
    if rules.has_minimum:
        return meets_minimum, cap_applies_from_minimum
    if rules.has_growth_exemption:
        return within_growth, cap_applies_within_growth
    return (cap_applies,)
