"""How people came to each ACO, and whether it has as many as it needs: for people to see, few people withheld."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .rules import MartRules
from .suppress import ALL, Cell, hidden

ROUTES = {"C": "people_by_claims", "V": "people_by_choice", "B": "people_by_both", "M": "people_by_medicaid"}
VERDICT = ["minimum_row", "minimum_aligned_people", "minimum_base_year_people", "below_minimum", "reason"]


def published(months: DataFrame, minimums: DataFrame, years: DataFrame, acos: DataFrame, rules: MartRules) -> DataFrame:
    """`mart__aco_alignment`: one row an ACO. In: `calc__alignment_month`, `calc__aco_minimum`, `mart__aco_year`, `core__aco`.

    Counted are people with a month in the performance year, by route: they add up to those of `mart__aco_year`. A route
    stays empty where it is small, would tell a small one, or that total is withheld (ALN-64). Of the minimums only the
    verdict is told: people of January beside those of the year would tell who came or left in between.
    """
    in_year = F.col("aligned_year") == F.col("performance_year")
    counted = (
        months.where(in_year).groupBy("aco_id", "route").agg(F.count_distinct("bene_key").alias("people")).collect()
    )
    totals = years.where(f"year = performance_year and category = '{ALL}'").select("aco_id", "is_suppressed").collect()
    people = {(row["aco_id"], row["route"]): row["people"] for row in counted}
    cells = [Cell(row["aco_id"], 0, route, people.get((row["aco_id"], route), 0)) for row in totals for route in ROUTES]
    withheld = {cell[0:3] for cell in hidden(cells, rules.smallest_cell)}
    withheld |= {(row["aco_id"], 0, route) for row in totals if row["is_suppressed"] for route in ROUTES}
    shown = {(cell.aco_id, cell.category): None if cell[0:3] in withheld else cell.people for cell in cells}
    rows = [(row["aco_id"], *(shown[row["aco_id"], route] for route in ROUTES)) for row in totals]
    by_aco = months.sparkSession.createDataFrame(
        rows, ", ".join(["aco_id string", *(f"{n} long" for n in ROUTES.values())])
    )
    told = minimums.join(acos.select("aco_id", "aco_name"), "aco_id").join(by_aco, "aco_id", "left")
    return told.select("aco_id", "aco_name", *ROUTES.values(), *VERDICT, F.lit(rules.basis).alias("basis"))
