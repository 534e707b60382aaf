"""Errors say what, where, why and what to do; each kind ends the command with its own documented code."""

from pathlib import Path

from lead_engine.foundation import errors


def kinds():
    return [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.LeadError)]


def test_one_problem():
    problem = errors.Problem("f.csv line 3, field tin", "is no TIN", "nobody could be aligned", "write nine digits")
    assert (
        str(errors.InputRefusedError(problem))
        == "f.csv line 3, field tin: is no TIN\n   nobody could be aligned\n   write nine digits"
    )


def test_several_problems_are_numbered():
    told = str(errors.ConfigurationError("one", errors.Problem("f", "two")))
    assert told == "2 problems:\n1. one\n2. f: two"


def test_exit_codes_differ_and_are_documented():
    codes = {kind.__name__: kind.exit_code for kind in kinds()}
    assert len(set(codes.values())) == len(codes)
    page = Path("docs/reference/exit-codes.md").read_text("utf-8")
    assert [code for code in codes.values() if f"| {code} |" not in page] == []
