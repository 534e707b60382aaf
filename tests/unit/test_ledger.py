"""The ledger: order, missing inputs and names follow from the signatures of pure functions."""

from graphlib import CycleError

import numpy as np
import pytest

from lead_engine.benchmark.ledger import Ledger, line


@line("usd", "R-1")
def total(first, second):
    """Both."""
    return first + second


@line("usd", "R-2")
def second(rate_at_hand, first):
    """A share of the first."""
    return rate_at_hand * first


@line("ratio", "R-3", periods=("by3", "py"))
def growth_at(level_at, first):
    """One a period."""
    return level_at / first


def test_lines_come_after_those_they_read_and_else_as_declared():
    ledger = Ledger((total, growth_at, second))
    assert [each.name for each in ledger.lines] == ["growth_by3", "growth_py", "second", "total"]
    assert ledger.inputs == ("level_by3", "first", "level_py", "rate_at_hand")


def test_a_line_without_an_input_is_not_computed_nor_what_rests_on_it():
    told = Ledger((total, second, growth_at)).compute({"first": 2.0, "level_py": 3.0, "rate_at_hand": None})
    assert told.values == {"first": 2.0, "level_py": 3.0, "growth_py": 1.5}
    assert told.lacking == {
        "rate_at_hand": ("rate_at_hand",),
        "level_by3": ("level_by3",),
        "second": ("rate_at_hand",),
        "total": ("rate_at_hand",),
        "growth_by3": ("level_by3",),
    }


def test_zero_is_a_value():
    assert Ledger((second,)).compute({"first": 2.0, "rate_at_hand": 0}).values["second"] == 0


def test_arrays_go_through():
    told = Ledger((total, second)).compute({"first": np.array([1.0, 2.0]), "rate_at_hand": 0.5})
    assert list(told.values["total"]) == [1.5, 3.0]


def test_a_ring_is_refused():
    @line("usd", "R-4", name="first")
    def again(total):
        return total

    with pytest.raises(CycleError):
        Ledger((total, again))
