"""The cross-product on Spark: the plain sums, and the same bits on 1, 7 and 64 partitions (RM 8.5)."""

import numpy as np
import pytest

from lead_engine.calibration import spread
from lead_engine.calibration.diagnose import cells
from lead_engine.calibration.fit import ONE, Choices, fitted
from lead_engine.calibration.sums import total
from tests.planted import planted, rules

PEOPLE, BLOCKS = 6_000, 8


@pytest.fixture(scope="module")
def drawn():
    return planted(PEOPLE)


@pytest.fixture(scope="module")
def people(drawn, spark):
    """The drawn people as rows of `population`."""
    import pyarrow as pa

    hccs = np.array(sorted(drawn.design.hccs))
    columns = {
        "bene_key": np.arange(PEOPLE) * 7919,
        "age": drawn.people.age,
        "sex_code": list(drawn.people.sex_code),
        "dual_class": list(drawn.people.dual_class),
        "original_entitlement_code": list(drawn.people.entitlement),
        "is_new_enrollee": drawn.people.is_new_enrollee,
        "is_long_term_institutional": drawn.people.is_long_term_institutional,
        "graft_months": np.zeros(PEOPLE, np.int32),
        "months": drawn.months.astype(np.int32),
        "cents": drawn.cents,
        "hccs": [hccs[row].tolist() for row in drawn.people.hccs],
    }
    return spark.createDataFrame(pa.table(columns)).cache()


def test_the_same_bits_on_any_partitioning(people, drawn):
    found = {}
    for partitions in (1, 7, 64):
        rows = spread.indicators(people.repartition(partitions), drawn.design, BLOCKS)
        blocks = spread.crossproduct(rows, len(drawn.design.names), BLOCKS)
        fit = fitted(drawn.design, blocks, rules(minimum_person_years=50), Choices((0, 100), folds=4, replicates=4))
        found[partitions] = [
            [block.fingerprint for block in blocks],
            fit.factors.tobytes(),
            fit.solution.coefficients.tobytes(),
            fit.low.tobytes(),
            fit.standard_error.tobytes(),
            fit.shrinkage,
        ]
    assert found[1] == found[7] == found[64]


def test_blocks_add_up_to_the_plain_sums(people, drawn):
    rows = spread.indicators(people, drawn.design, BLOCKS)
    blocks = spread.crossproduct(rows, len(drawn.design.names), BLOCKS)
    assert total(blocks).fingerprint == drawn.blocks(1)[0].fingerprint
    assert min(block.people for block in blocks) > PEOPLE / BLOCKS / 2


def test_cells_are_the_plain_ones(people, drawn):
    factors = np.rint(drawn.truth / drawn.truth.mean() * ONE).astype(np.int64)
    rows = spread.indicators(people, drawn.design, BLOCKS)
    plain = cells(drawn.design, drawn.starts, drawn.column, drawn.months, drawn.cents, factors)
    assert spread.counted(rows.repartition(5), drawn.design, factors) == plain
