"""How people came to each ACO, and whether it has as many as it needs: for people to see, few people withheld."""

from itertools import chain

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
    by_route = _people_by_route(months)
    of_year = years.where(f"year = performance_year and category = '{ALL}'").collect()
    cells = {
        row["aco_id"]: [Cell(row["aco_id"], 0, route, by_route.get((row["aco_id"], route), 0)) for route in ROUTES]
        for row in of_year
    }
    without_total = {row["aco_id"] for row in of_year if row["is_suppressed"]}
    withheld = hidden(chain(*cells.values()), rules.smallest_cell)
    shown = [
        (aco, *(None if aco in without_total or cell in withheld else cell.people for cell in of_aco))
        for aco, of_aco in cells.items()
    ]
    columns = ", ".join(["aco_id string", *(f"{name} long" for name in ROUTES.values())])
    people = months.sparkSession.createDataFrame(shown, columns)
    told = minimums.join(acos.select("aco_id", "aco_name"), "aco_id").join(people, "aco_id", "left")
    return told.select("aco_id", "aco_name", *ROUTES.values(), *VERDICT, F.lit(rules.basis).alias("basis"))


def _people_by_route(months: DataFrame) -> dict[tuple[str, str], int]:
    """People with a month in the performance year, by ACO and route."""
    of_year = months.where(F.col("aligned_year") == F.col("performance_year")).groupBy("aco_id", "route")
    counted = of_year.agg(F.count_distinct("bene_key").alias("people")).collect()
    return {(row["aco_id"], row["route"]): row["people"] for row in counted}
