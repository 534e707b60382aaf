"""The plans of the steps over most rows: what must not be in them, and no more shuffles than they need."""

import io
import re
from contextlib import redirect_stdout

import pytest

from tests.perf.stages import CHAIN, Stages
from tests.settings import settings

# A product of tables, or Python row by row or group by group.
NEVER = (
    "CartesianProduct", "BroadcastNestedLoopJoin", "BatchEvalPython", "ArrowEvalPython", "MapInPandas", "FlatMapGroupsIn",
    "FlatMapCoGroupsIn", "AggregateInPandas", "ArrowAggregatePython", "WindowInPandas", "ArrowWindowPython",
)  # fmt: skip
BY_BATCH = "MapInArrow"  # NumPy columns, for scores alone
SCORED = {"calc__hcc", "calc__window_score"}
# Shuffles of all rows, and small tables sent to every task.
EXPECTED = {
    "calc__unit_score": (1, 0),  # the sum by person and unit
    "calc__spend_month": (1, 0),  # the sum by person and month
    "calc__risk_diagnosis": (3, 2),  # lines, diagnoses and profiles meet by person; codes, mapping
    "calc__hcc": (4, 0),  # diagnoses by model and person; they, profiles and status meet by person and year
    "calc__window_score": (6, 5),  # as risk_diagnosis, with months and profiles; checks, codes, windows, mapping
    "calc__alignment_candidate": (1, 1),  # scores of a person to one place; Participants
    "calc__alignment": (7, 1),  # whatever points to a person or bars a month meets by person and year; elections
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
    assert (BY_BATCH in plan) == (table in SCORED)
    # One that is used again is not made again.
    found = tuple(len(re.findall(f"- {name} ", plan)) for name in ("Exchange", "BroadcastExchange"))
    assert found == EXPECTED[table], plan
