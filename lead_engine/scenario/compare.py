"""What a change of the Participant list does to each ACO: people, aligned months, payments and scores gained and lost.

Months before and after stand side by side; sums are whole numbers. Gained is what counts for an ACO after the change and
did not before, lost the opposite. Route ALL is any route, category ALL any category: a month that only changes its route
is gained by one route, lost by the other, and neither for the ACO.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lead_engine.benchmark.aco_risk import HCC, own_cells, scores_by_kind
from lead_engine.benchmark.rules import RiskRatioRules
from lead_engine.risk.all_scores import all_scores
from lead_engine.risk.status import with_scores

ALL = "ALL"
CELL = ["aco_id", "year", "route", "category"]
BEFORE, AFTER, GAINED, LOST = "before", "after", "gained", "lost"


def moved_people(
    before: DataFrame,
    after: DataFrame,
    spend: DataFrame,
    scores: DataFrame,
    promoted: DataFrame | None,
    acos: DataFrame,
    rules: RiskRatioRules,
) -> DataFrame:
    """Who gains or loses a month at an ACO: one row a person, ACO, year, route and category, with months and payments.

    In: `calc__alignment_month` as it is and as it would be, `calc__spend_month`, `calc__risk_score`,
    `calc__substitute_score` where the run has it, `core__aco`. Routes are those of the benchmark, where both counts as
    claims, and ALL. A category has the scores of its model, summed over the months that have one, in millionths (BMK-30);
    ALL has none, since models have scales of their own. From nowhere: no ACO loses what is gained; to nowhere: no ACO
    gains what is lost.
    """
    paid = spend.groupBy("bene_key", "month").agg(F.sum("paid_cents").alias("paid_cents"))
    sided = _on_side(before, BEFORE, acos, rules).unionByName(_on_side(after, AFTER, acos, rules))
    for name in ("route", "category"):
        sided = sided.withColumn(name, F.explode(F.array(F.col(name), F.lit(ALL))))
    months = sided.groupBy(*CELL, "bene_key", "month").agg(*[F.max(side).alias(side) for side in (BEFORE, AFTER)])
    cells = months.join(paid, ["bene_key", "month"], "left")
    raw = scores_by_kind(all_scores(scores, promoted), None, rules).where(F.col("kind") == HCC)
    person = ["category", "bene_key", "year"]
    cells = with_scores(cells, raw.select(*person, "month_set", "millionths"), person)
    was, will = F.col(BEFORE) == 1, F.col(AFTER) == 1
    sides = {BEFORE: was, AFTER: will, GAINED: will & ~was, LOST: was & ~will}
    sums = [_sum(held, F.lit(1)).alias(f"months_{side}") for side, held in sides.items()]
    for side in (GAINED, LOST):
        is_scored = sides[side] & F.col("millionths").isNotNull()
        sums.append(_sum(sides[side], F.col("paid_cents")).alias(f"paid_cents_{side}"))
        sums.append(_sum(is_scored, F.lit(1)).alias(f"scored_months_{side}"))
        sums.append(_sum(is_scored, F.col("millionths")).alias(f"score_millionths_{side}"))
    moved = cells.groupBy(*CELL, "bene_key").agg(*sums).where("months_gained > 0 OR months_lost > 0")
    elsewhere = Window.partitionBy("bene_key", "year", "route", "category")
    return moved.withColumns(
        {
            "is_from_nowhere": (F.col("months_gained") > 0) & (F.sum("months_lost").over(elsewhere) == 0),
            "is_to_nowhere": (F.col("months_lost") > 0) & (F.sum("months_gained").over(elsewhere) == 0),
        }
    )


def changes(moved: DataFrame) -> DataFrame:
    """The sums of `moved_people` by ACO, year, route and category: a row for each cell that changes.

    `lives_…` counts who comes in or falls out altogether, `people_…` whoever gains or loses a month.
    """
    sums = [F.count_if(f"is_{way}_nowhere").alias(f"people_{way}_nowhere") for way in ("from", "to")]
    for side, none, some in ((GAINED, BEFORE, AFTER), (LOST, AFTER, BEFORE)):
        months = F.col(f"months_{side}")
        sums += [
            F.count_if((F.col(f"months_{none}") == 0) & (F.col(f"months_{some}") > 0)).alias(f"lives_{side}"),
            F.count_if(months > 0).alias(f"people_{side}"),
            _sum(F.lit(True), months).alias(f"months_{side}"),
            _sum(F.lit(True), F.col(f"paid_cents_{side}")).alias(f"paid_cents_{side}"),
            F.count_if(F.col(f"scored_months_{side}") > 0).alias(f"scored_people_{side}"),
            _sum(F.lit(True), F.col(f"scored_months_{side}")).alias(f"scored_months_{side}"),
            _sum(F.lit(True), F.col(f"score_millionths_{side}")).alias(f"score_millionths_{side}"),
        ]
    return moved.groupBy(*CELL).agg(*sums)


def _on_side(months: DataFrame, side: str, acos: DataFrame, rules: RiskRatioRules) -> DataFrame:
    """Aligned months in the years of each ACO, marked as of a side."""
    marks = [F.lit(int(each == side)).alias(each) for each in (BEFORE, AFTER)]
    return own_cells(months, acos, rules).select(*CELL, "bene_key", "month", *marks)


def _sum(held: Column, value: Column) -> Column:
    return F.sum(F.when(held, F.coalesce(value, F.lit(0))).otherwise(0))
