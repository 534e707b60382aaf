"""The plans of the steps that scan claims: what must not be in them, and no more shuffles than they need."""

import io
import re
from contextlib import redirect_stdout

import pytest

from tests.perf.stages import CHAIN, Stages
from tests.settings import settings

NEVER = ("CartesianProduct", "BroadcastNestedLoopJoin", "BatchEvalPython", "ArrowEvalPython")
# Shuffles by person of all rows, and small tables sent to every task.
EXPECTED = {
    "calc__unit_score": (1, 0),  # the sum by person and unit
    "calc__spend_month": (1, 0),  # the sum by person and month
    "calc__risk_diagnosis": (3, 2),  # lines, diagnoses and profiles meet by person; codes, mapping
}


@pytest.mark.parametrize("table", EXPECTED)
def test_a_hot_plan(spark, finished, table):
    stages = Stages(spark, finished.path.parent)
    step = next(step for step in CHAIN if step.table == table)
    told = io.StringIO()
    # As over a nation's claims: what is broadcast is meant to be.
    with (
        settings(
            spark,
            spark_sql_autoBroadcastJoinThreshold="-1",
            spark_sql_shuffle_partitions="8",
            spark_sql_constraintPropagation_enabled="true",
        ),
        redirect_stdout(told),
    ):
        stages.made(step).explain()
    plan = told.getvalue()
    assert [name for name in NEVER if name in plan] == []
    assert (len(re.findall(r"(?<!Broadcast)Exchange ", plan)), plan.count("BroadcastExchange ")) == EXPECTED[table], (
        plan
    )
