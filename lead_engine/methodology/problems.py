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
        path = _written(finding["loc"], document)
        said = WORDS.get(finding["type"], finding["msg"].removeprefix("Value error, "))
        remedy = (remedies or {}).get(str(path[0]) if path else "", "")
        found.append(Problem(document.where(path), said, remedy=remedy))
    return found


def _written(loc: tuple[int | str, ...], document: Document) -> tuple[int | str, ...]:
    """The place as the document has it, without what pydantic puts between: validators, and kinds of a union."""
    path: list[int | str] = []
    node = document.data
    for place, part in enumerate(loc, 1):
        is_key = isinstance(node, dict) and part in node
        if str(part).startswith("function-") or (isinstance(node, dict) and not is_key and place < len(loc)):
            continue
        path.append(part)
        node = node[part] if is_key or (isinstance(node, list) and isinstance(part, int)) else None
    return tuple(path)
