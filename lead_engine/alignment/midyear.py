"""The mid-year run: claims-based alignment on the list with the TINs that joined hybrid ACOs during the year (ALN-43)."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lead_engine.foundation.identifiers import pack_unit

from .choice_rules import MidyearRules
from .choices import HYBRID
from .decide import Stage
from .rank import candidates_on, first_and_second, on_list, weighted
from .services import unit_scores
from .units import with_tin

COLUMNS = (
    "bene_key", "stage", "winning_unit", "score_cents", "runner_up_unit", "runner_up_score_cents", "tie_break", "aco_id",
)  # fmt: skip
NOBODY = (
    "bene_key bigint, stage string, winning_unit bigint, score_cents bigint, runner_up_unit bigint, "
    "runner_up_score_cents bigint, tie_break string, aco_id string"
)


def winners(
    scores: DataFrame,
    lines: DataFrame,
    participants: DataFrame,
    acos: DataFrame,
    ccn_tins: DataFrame | None,
    other_tins: DataFrame | None,
    rules: MidyearRules,
) -> DataFrame:
    """`calc__midyear_alignment`: whom the run points to a hybrid ACO, for a line of an added TIN in the deciding stage.

    In: `calc__unit_score`, `core__claim_line` (read only where the period is rolled), `core__participant`, `core__aco` and,
    where the lists were given, `core__ccn_tin` and `core__other_model_tin`. Only people whom an added TIN served are
    ranked. Whether a person is aligned already is asked by `months_aligned`.
    """
    added = added_members(participants, acos, rules)
    units = [row["unit"] for row in added.select("unit").collect()]
    if not units:  # the list is small, the scores are not
        return acos.sparkSession.createDataFrame([], NOBODY)
    charges = scores if rules.services is None else unit_scores(lines, rules.services)
    served = _served(charges, units, ccn_tins, rules)
    touched = charges.join(served.select("bene_key").distinct(), "bene_key", "left_semi")
    members = on_list(participants, rules.alignment.january).unionByName(added)
    compared = candidates_on(touched, members, acos, ccn_tins, other_tins, rules.alignment)
    ranked = first_and_second(compared).drop("aligned_year")
    names = {pack_unit(row["aco_id"]): row["aco_id"] for row in acos.where(F.col("election") == HYBRID).collect()}
    of_hybrid = acos.sparkSession.createDataFrame(sorted(names.items()), "winning_unit bigint, aco_id string")
    won = ranked.join(F.broadcast(of_hybrid), "winning_unit")
    if rules.needs_added_line:
        won = won.join(_lines_of_added(served, added), ["bene_key", "stage", "aco_id"], "left_semi")
    return won.select(*COLUMNS)


def added_members(participants: DataFrame, acos: DataFrame, rules: MidyearRules) -> DataFrame:
    """Participants of hybrid ACOs on the list on the first of the mid-year month, and not on 1 January."""
    of_hybrid = acos.where(F.col("election") == HYBRID).select("aco_id")
    there_before = on_list(participants, rules.alignment.january).select("unit")
    present = on_list(participants, rules.alignment.midyear).join(F.broadcast(there_before), "unit", "left_anti")
    return present.join(F.broadcast(of_hybrid), "aco_id", "left_semi").select(*participants.columns)


def _served(charges: DataFrame, added: list[int], ccn_tins: DataFrame | None, rules: MidyearRules) -> DataFrame:
    """Charges that feed the performance year of added Participants: their own, or of a CCN that bills as their TIN (ALN-9)."""
    placed = with_tin(charges, ccn_tins, rules.alignment)
    billed = F.when(F.col("unit").isin(added), F.col("unit")).when(F.col("tin").isin(added), F.col("tin"))
    of_added = placed.withColumn("unit", billed).where("unit is not null")
    return weighted(of_added, rules.alignment).select("bene_key", "unit", "pcs_lines", "sps_lines")


def _lines_of_added(served: DataFrame, added: DataFrame) -> DataFrame:
    """For whom an added TIN of an ACO has a line in a stage (ALN-43, condition c)."""
    by_stage = F.array(
        F.when(F.col("pcs_lines") > 0, Stage.PRIMARY.value), F.when(F.col("sps_lines") > 0, Stage.SPECIALIST.value)
    )
    placed = served.join(F.broadcast(added.select("unit", "aco_id")), "unit")
    return placed.select("bene_key", "aco_id", F.explode(F.array_compact(by_stage)).alias("stage")).distinct()
