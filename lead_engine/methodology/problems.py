"""Turns what pydantic says about a YAML document into problems that name file, line and field."""

from pydantic import ValidationError

from lead_engine.foundation.errors import Problem
from lead_engine.foundation.yaml import Document

WORDS = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
}


def problems_of(error: ValidationError, document: Document, remedies: dict[str, str] | None = None) -> list[Problem]:
    """One problem per finding, in the order of the file. `remedies`: what to do, by name of the top field."""
    found = []
    for finding in error.errors(include_url=False, include_input=False):
        path = tuple(part for part in finding["loc"] if not str(part).startswith("function-"))
        said = WORDS.get(finding["type"], finding["msg"].removeprefix("Value error, "))
        remedy = (remedies or {}).get(str(path[0]) if path else "", "")
        found.append(Problem(document.where(path), said, remedy=remedy))
    return found
