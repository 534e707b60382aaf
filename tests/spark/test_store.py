"""A lake keeps slices apart, tells by itself what it holds, and takes back what must not stand."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyspark.sql import functions as F

from lead_engine.foundation.errors import ConflictError, LakeError
from lead_engine.lake.checksum import checksum
from lead_engine.lake.store import Lake, holding
from lead_engine.tables import CONTRACTS

SPEND = CONTRACTS["calc__spend_month"]
PROFILE = CONTRACTS["calc__risk_profile"]


@pytest.fixture
def lake(spark, tmp_path) -> Lake:
    return Lake(spark, str(tmp_path / "lake"))


def profiles(spark, year, people):
    frame = spark.range(people).select(
        F.lit(year).alias("performance_year"), F.lit(2026).alias("year"), F.col("id").alias("bene_key")
    )
    return frame.select(
        "*",
        F.lit(70).alias("age"),
        F.lit("2").alias("sex_code"),
        F.lit("NONE").alias("dual_class"),
        F.lit("0").alias("original_entitlement_code"),
        F.lit(False).alias("is_new_enrollee"),
        F.lit(False).alias("is_long_term_institutional"),
        *[F.lit(0).alias(name) for name in ("graft_months", "esrd_months", "other_months")],
        F.lit(None).cast("string").alias("excluded"),
    )


def write(lake, year, people, identity, seen):
    part = {"performance_year": year}
    return lake.write(PROFILE, profiles(lake.spark, year, people), {"identity": identity}, part, seen)


def held(lake, year):
    commit = holding(lake.commits(PROFILE.name), {"performance_year": year})
    return commit and commit.said["identity"]


def test_a_slice_is_replaced_and_its_neighbour_stays(lake):
    assert write(lake, 2027, 3, "a", None) == 0
    assert write(lake, 2028, 5, "b", 0) == 1
    assert write(lake, 2027, 2, "c", 1) == 2
    counts = {
        row["performance_year"]: row["count"]
        for row in lake.read(PROFILE).groupBy("performance_year").count().collect()
    }
    assert counts == {2027: 2, 2028: 5}
    assert (held(lake, 2027), held(lake, 2028), held(lake, 2029)) == ("c", "b", None)


def test_what_was_taken_back_does_not_count(lake):
    write(lake, 2027, 3, "a", None)
    write(lake, 2027, 9, "bad", 0)
    lake.take_back(PROFILE.name, 1)
    assert held(lake, 2027) == "a"
    assert lake.read(PROFILE).count() == 3


def test_a_first_version_that_is_taken_back_leaves_no_table(lake):
    write(lake, 2027, 3, "a", None)
    lake.take_back(PROFILE.name, 0)
    assert lake.commits(PROFILE.name) == []


def test_the_second_of_two_writers_stops_and_changes_nothing(lake):
    write(lake, 2027, 3, "a", None)
    write(lake, 2027, 4, "b", 0)
    with pytest.raises(ConflictError, match="another run wrote the same table meanwhile"):
        write(lake, 2027, 5, "c", 0)
    assert held(lake, 2027) == "b"
    assert len(lake.commits(PROFILE.name)) == 2


def test_delta_says_who_won_when_the_other_comes_in_after_the_look(spark, lake, monkeypatch):
    write(lake, 2027, 3, "a", None)
    other = Lake(spark, lake.root)
    monkeypatch.setattr(lake, "_nobody_else_wrote", lambda table, seen: write(other, 2027, 4, "b", 0))
    with pytest.raises(ConflictError, match="another run wrote the same table meanwhile"):
        write(lake, 2027, 5, "c", 0)
    assert held(lake, 2027) == "b"
    assert lake.read(PROFILE).count() == 4


def test_of_two_writers_at_the_same_time_one_wins(spark, lake):
    write(lake, 2027, 3, "a", None)
    runs = [Lake(spark, lake.root) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        tried = [pool.submit(write, run, 2027, 4 + place, f"run {place}", 0) for place, run in enumerate(runs)]
    errors = [future.exception() for future in tried if future.exception()]
    assert [type(error) for error in errors] == [ConflictError]
    assert len(lake.commits(PROFILE.name)) == 2


def test_order_and_partitions_do_not_change_the_checksum(spark):
    frame = profiles(spark, 2027, 100)
    columns = list(PROFILE.columns)
    assert checksum(frame, columns) == checksum(frame.repartition(7).orderBy(F.desc("bene_key")), columns)
    assert checksum(frame, columns) != checksum(frame.withColumn("age", F.lit(71)), columns)


def test_nulls_count_in_the_checksum(spark):
    one = spark.createDataFrame([(1, None)], "a int, b int")
    assert checksum(one, ["a", "b"]) != checksum(spark.createDataFrame([(None, 1)], "a int, b int"), ["a", "b"])


def test_columns_come_in_contract_order_and_type(spark, lake):
    frame = spark.sql(
        "SELECT 1 AS claims, '71' AS claim_type, 2025 AS year, DATE'2025-01-01' AS month, 5 AS bene_key, 100 AS paid_cents"
    )
    lake.write(SPEND, frame, {"identity": "a"}, {}, None)
    assert lake.read(SPEND).schema.simpleString() == SPEND.schema.simpleString()


def test_a_catalog_is_a_lake_too(spark, tmp_path):
    spark.sql(f"CREATE SCHEMA IF NOT EXISTS spark_catalog.twin LOCATION '{tmp_path / 'twin'}'")
    lake = Lake(spark, "spark_catalog.twin")
    lake.check_writable()
    assert write(lake, 2027, 3, "a", None) == 0
    assert write(lake, 2028, 4, "b", 0) == 1
    assert (held(lake, 2027), lake.read(PROFILE, part={"performance_year": 2028}).count()) == ("a", 4)
    lake.take_back(PROFILE.name, 1)
    assert held(lake, 2028) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_lake(spark, tmp_path):
    folder = tmp_path / "lake"
    folder.mkdir(mode=0o500)
    with pytest.raises(LakeError, match="cannot be written to"):
        Lake(spark, str(folder)).check_writable()


def test_a_lake_that_cannot_be_a_folder(spark, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LakeError, match="cannot be written to"):
        Lake(spark, str(tmp_path / "file" / "lake")).check_writable()
