"""The plans of the steps that scan claims: what must not be in them, and no more shuffles than they need."""

import io
import re
from contextlib import redirect_stdout

import pytest

from tests.perf.stages import CHAIN, Stages

NEVER = ("CartesianProduct", "BroadcastNestedLoopJoin", "BatchEvalPython", "ArrowEvalPython")
# Shuffles by person of all rows, and small tables sent to every task.
EXPECTED = {
    "calc__unit_score": (1, 0),  # the sum by person and unit
    "calc__spend_month": (1, 0),  # the sum by person and month
    "calc__risk_diagnosis": (5, 2),
}


@pytest.mark.parametrize("table", EXPECTED)
def test_a_hot_plan(spark, finished, table):
    stages = Stages(spark, finished.path.parent)
    step = next(step for step in CHAIN if step.table == table)
    kept = spark.conf.get("spark.sql.autoBroadcastJoinThreshold")
    spark.conf.set(
        "spark.sql.autoBroadcastJoinThreshold", "-1"
    )  # as over a nation's claims: what is broadcast is meant to be
    spark.conf.set("spark.sql.shuffle.partitions", "8")
    try:
        told = io.StringIO()
        with redirect_stdout(told):
            stages.made(step).explain()
    finally:
        spark.conf.set("spark.sql.autoBroadcastJoinThreshold", kept)
        spark.conf.set("spark.sql.shuffle.partitions", "1")
    plan = told.getvalue()
    assert [name for name in NEVER if name in plan] == []
    assert (len(re.findall(r"(?<!Broadcast)Exchange ", plan)), plan.count("BroadcastExchange ")) == EXPECTED[table], (
        plan
    )
