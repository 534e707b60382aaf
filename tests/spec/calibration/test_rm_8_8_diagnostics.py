"""RM 8.8, RM 8.9: cells count everybody once, deciles are tenths of months, small cells are not shown."""

import numpy as np
import pytest

from lead_engine.calibration.diagnose import Cell, Kind, added, cells, deciles, ratios
from lead_engine.calibration.fit import ONE, Choices, fitted
from tests.planted import planted, rules

PEOPLE = 20_000


@pytest.fixture(scope="module")
def drawn():
    return planted(PEOPLE)


@pytest.fixture(scope="module")
def fit(drawn):
    return fitted(drawn.design, drawn.blocks(10), rules(), Choices(replicates=0))


@pytest.fixture(scope="module")
def found(drawn, fit):
    return cells(drawn.design, drawn.starts, drawn.column, drawn.months, drawn.cents, fit.factors)


@pytest.mark.parametrize("kind", [Kind.SCORE, Kind.DECILE, Kind.HCC_COUNT, Kind.DUAL, Kind.AGE_SEX])
def test_everybody_is_in_one_cell_of_a_kind(found, kind):
    everything = found | deciles(found)
    parts = [cell for (each, _), cell in everything.items() if each is kind]
    assert added([{(kind, ""): cell} for cell in parts])[kind, ""] == found[Kind.ALL, "ALL"]


def test_a_cell_is_what_a_loop_over_people_counts(drawn, found, fit):
    score = np.bincount(drawn.person, weights=fit.factors[drawn.column]).astype(np.int64)
    diabetes = {drawn.design.hccs[hcc] for hcc in (35, 36, 37, 38)}
    holders = sorted({p for p, c in zip(drawn.person, drawn.column, strict=True) if c in diabetes})
    expected = Cell(
        len(holders),
        int(drawn.months[holders].sum()),
        int(drawn.cents[holders].sum()),
        int((score * drawn.months)[holders].sum()),
    )
    assert found[Kind.CONDITION_GROUP, "DIABETES"] == expected


def test_deciles_are_tenths_of_the_months_in_order_of_score(found):
    tenths = {name: cell for (kind, name), cell in deciles(found).items() if kind is Kind.DECILE}
    months = found[Kind.ALL, "ALL"].months
    assert set(tenths) == {*map(str, range(1, 10)), "10, lower half", "10, upper half"}
    for name, cell in tenths.items():
        assert cell.months / months == pytest.approx(0.05 if "half" in name else 0.1, abs=1e-4)
    means = [tenths[name].score_months / tenths[name].months for name in map(str, range(1, 10))]
    assert means == sorted(means)


@pytest.mark.parametrize("tied", [0, 1, 37, 60, 99, 100])
def test_no_decile_is_empty_because_people_tie(tied):
    """So many of a hundred people have one score; the others one each. Every tenth has its months, and nobody is twice."""
    people = [(500, 12 * 7_000)] * tied + [(501 + n, 12 * 90_000 + n) for n in range(100 - tied)]
    whole: dict = {(Kind.ALL, "ALL"): Cell(100, 1_200, sum(cents for _, cents in people), 0)}
    for score, cents in people:
        cell = Cell(1, 12, cents, 12 * score * 1_000)
        whole[Kind.SCORE, str(score)] = whole.get((Kind.SCORE, str(score)), Cell(0, 0, 0, 0)) + cell
    tenths = {name: cell for (_, name), cell in deciles(whole).items()}
    assert {name: cell.months for name, cell in tenths.items()} == {
        **{str(number): 120 for number in range(1, 10)}, "10, lower half": 60, "10, upper half": 60,
    }  # fmt: skip
    assert sum(cell.people for cell in tenths.values()) == 100
    assert sum(cell.cents for cell in tenths.values()) == whole[Kind.ALL, "ALL"].cents
    of_tied = [tenths[str(number)] for number in range(1, 10) if number * 10 <= tied]
    assert all(abs(cell.cents - 10 * 12 * 7_000) <= 1 for cell in of_tied)


def test_the_fit_predicts_each_age_cell_that_has_a_coefficient_of_its_own(found, fit):
    shown = {(each.kind, each.cell): each.ratio for each in ratios(found, 11)}
    assert shown[Kind.ALL, "ALL"] == pytest.approx(1, abs=1e-6)
    group = fit.structure.group
    alone = [name for name, each in zip(fit.design.names, group, strict=True) if group.count(each) == 1]
    ages = [name for kind, name in shown if kind is Kind.AGE_SEX and name in alone]
    assert len(ages) > 15 and [name for name in ages if abs(shown[Kind.AGE_SEX, name] - 1) > 1e-4] == []
    assert {cell for kind, cell in shown if kind is Kind.DUAL} >= {"CFA", "CFD", "CPA", "CPD", "INS"}


def test_small_cells_and_the_next_smallest_are_not_shown():
    def counts(**people):
        whole = {(Kind.ALL, "ALL"): Cell(sum(people.values()), 12_000, 1_200_000, 12_000 * ONE)}
        return whole | {(Kind.HCC_COUNT, name): Cell(n, 12 * n, 1_000 * n, 12 * n * ONE) for name, n in people.items()}

    def shown(found):
        return {each.cell for each in ratios(found, 11) if each.kind is Kind.HCC_COUNT}

    assert shown(counts(a=500, b=300, c=200)) == {"a", "b", "c"}
    assert shown(counts(a=500, b=300, c=10)) == {"a"}  # c alone would follow from the total
    assert shown(counts(a=500, b=300, c=4, d=3)) == {"a"}  # seven people together would
    assert shown(counts(a=500, b=300, c=9, d=8)) == {"a", "b"}
    assert shown(counts(a=500, b=5)) == set()


def test_a_rounded_factor_is_what_predicts(drawn, fit):
    cents = fit.solution.coefficients[drawn.column]
    predicted = np.bincount(drawn.person, weights=cents) @ drawn.months / 12
    assert predicted / drawn.cents.sum() == pytest.approx(1, abs=1e-9)
    assert np.abs(fit.factors / ONE - fit.solution.coefficients / fit.mean_predicted).max() <= 0.5 / ONE + 1e-12
