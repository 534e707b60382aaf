"""ALN-65: what holds of every finished run, whatever its claims (the invariants of claims-based alignment)."""

from pyspark.sql import Window
from pyspark.sql import functions as F

from lead_engine.alignment.rank import candidates, on_list
from lead_engine.alignment.rules import AlignmentRules
from lead_engine.foundation.identifiers import pack_unit
from lead_engine.lake.checksum import checksum
from lead_engine.pipeline.config import read_config
from lead_engine.tables import CONTRACTS

MONTH = ["bene_key", "month"]
ELIGIBILITY = ["DEAD", "NO_A", "NO_B", "MA", "MSP", "NON_US"]


def table(lake, name):
    return lake.read(CONTRACTS[name])


def test_i_one_aco_a_month(lake):
    months = table(lake, "calc__alignment_month")
    assert months.count() > 1000
    assert months.groupBy(*MONTH).agg(F.count_distinct("aco_id").alias("acos")).where("acos > 1").count() == 0


def test_ii_nobody_comes_in_during_the_year(lake):
    """PROSPECTIVE: whoever is aligned in a month was aligned in the month before, back to January. A hybrid ACO adds choices."""
    before = F.lag("month").over(Window.partitionBy("bene_key", "aligned_year").orderBy("month"))
    began = F.col("before").isNull() & (F.month("month") != 1)
    skipped = F.months_between("month", "before") > 1
    months = table(lake, "calc__alignment_month").withColumn("before", before)
    assert months.where(skipped).count() == 0
    late = {(row["aco_id"], row["route"], row["aligned_year"]) for row in months.where(began).collect()}
    assert late == {("L0001", "V", 2027)}
    elections = {row["aco_id"]: row["election"] for row in table(lake, "core__aco").collect()}
    assert [aco for aco, election in elections.items() if election == "HYBRID"] == ["L0001"]


def test_iii_nobody_leaves_but_by_eligibility(lake):
    answers = table(lake, "calc__alignment").where("effective_month is not null")
    ended = answers.where("end_reason is not null")
    assert ended.count() > 0 and ended.where(~F.col("end_reason").isin(ELIGIBILITY)).count() == 0
    through = (
        table(lake, "calc__beneficiary_month")
        .groupBy(F.col("year").alias("aligned_year"))
        .agg(F.max("month").alias("last"))
    )
    early = answers.where("end_reason is null").join(through, "aligned_year").where("end_month < last")
    assert early.count() == 0


def test_an_aligned_month_is_an_eligible_month(lake):
    eligible = table(lake, "calc__beneficiary_month").where("is_eligible")
    assert table(lake, "calc__alignment_month").join(eligible, MONTH, "left_anti").count() == 0


def test_iv_high_needs_is_for_ever(lake):
    """A month is High Needs from the first check that succeeded on, but where ESRD comes before it (ALN-53, ALN-57)."""
    months = table(lake, "calc__beneficiary_month").select(*MONTH, "category")
    since = table(lake, "calc__high_needs").select("bene_key", "hn_first_check_date", "criteria")
    both = months.join(since, "bene_key")
    assert both.count() == months.count()
    holds = F.coalesce(F.col("hn_first_check_date") <= F.col("month"), F.lit(False))
    kinds = {tuple(row): row["count"] for row in both.groupBy(holds.alias("holds"), "category").count().collect()}
    assert {key[:2] for key in kinds} == {(False, "AD"), (False, "ESRD"), (True, "ESRD"), (True, "HN")}
    assert both.where(F.col("hn_first_check_date").isNull() != (F.col("criteria") == 0)).count() == 0


def test_everybody_has_a_high_needs_status(lake):
    """ALN-55: also who is aligned to nobody."""
    everybody, told = table(lake, "core__beneficiary"), table(lake, "calc__high_needs")
    assert told.count() == everybody.count() == told.join(everybody, "bene_key", "semi").count()
    aligned = table(lake, "calc__alignment_month").select("bene_key").distinct()
    outside = told.where("hn_first_check_date is not null").join(aligned, "bene_key", "left_anti")
    assert outside.count() > 0


def test_v_categories_sum_to_aligned_months(lake):
    cells = {
        (row["aco_id"], row["year"], row["category"]): row["months"] for row in table(lake, "calc__aco_year").collect()
    }
    totals = {key[:2]: months for key, months in cells.items() if key[2] == "ALL"}
    parts: dict[tuple[str, int], int] = {}
    for (aco, year, category), months in cells.items():
        if category != "ALL":
            parts[aco, year] = parts.get((aco, year), 0) + months
    assert parts == totals and sum(totals.values()) > 1000
    assert sum(months for (*_, category), months in cells.items() if category == "HN") > 10


def test_routes_sum_to_aligned_people(lake):
    months = lake.read(CONTRACTS["calc__alignment_month"]).where("aligned_year = 2027")
    by_route = months.groupBy("aco_id").agg(F.count_distinct("route", "bene_key")).collect()
    totals = lake.read(CONTRACTS["calc__aco_year"]).where("year = 2027 and category = 'ALL'").select("aco_id", "people")
    assert sorted(map(tuple, by_route)) == sorted(map(tuple, totals.collect())) != []


def test_vii_a_preferred_provider_changes_nothing(finished, own_network):
    """Neither of a practice outside every ACO nor of another ACO's Participant."""
    theirs = finished.participants[0]
    others = next(row for row in finished.participants if row.aco_id != theirs.aco_id and row.tin)
    header = own_network.with_name("participants.csv").read_text("utf-8").splitlines()[0].split(",")
    with own_network.with_name("participants.csv").open("a", encoding="utf-8") as file:
        for tin in ("009999999", others.tin):
            row = {"aco_id": theirs.aco_id, "tin": tin, "provider_class": "Preferred Provider"}
            file.write(",".join(row.get(name, "") for name in header) + "\n")
    changed = read_config(own_network)
    assert changed.participants == finished.participants
    assert changed.facts.list_version != finished.facts.list_version


def test_viii_splitting_a_tin_inside_an_aco_changes_nothing(lake, finished):
    """Half the charges and lines of every Participant TIN go to a new TIN of the same ACO."""
    scores, listed, acos = (table(lake, name) for name in ("calc__unit_score", "core__participant", "core__aco"))
    rules = AlignmentRules.from_methodology(finished.resolved, finished.facts)
    members = on_list(listed, rules.january)  # the others are no Participants of the run, and stand alone
    step = pack_unit("TIN:005000000") - pack_unit("TIN:000000000")
    of_aco = members.select("unit", F.lit(True).alias("is_member"))
    marked = scores.join(F.broadcast(of_aco), "unit", "left").withColumn(
        "is_member", F.coalesce("is_member", F.lit(False))
    )
    added = ("pcs_cents", "sps_cents", "pcs_lines", "sps_lines")
    half = {name: F.expr(f"cast({name} div 2 as {scores.schema[name].dataType.simpleString()})") for name in added}
    moved = marked.where("is_member").withColumns(half).withColumn("unit", F.col("unit") + step)
    kept = marked.withColumns(
        {name: F.when(F.col("is_member"), F.col(name) - half[name]).otherwise(F.col(name)) for name in added}
    )
    split = kept.unionByName(moved).drop("is_member")
    more = members.unionByName(members.withColumn("unit", F.col("unit") + step))
    columns = [name for name in CONTRACTS["calc__alignment_candidate"].columns if name != "performance_year"]
    before = candidates(scores, members, acos, None, None, rules).select(*columns)
    assert split.count() > scores.count()
    assert checksum(candidates(split, more, acos, None, None, rules).select(*columns), columns) == checksum(
        before, columns
    )
