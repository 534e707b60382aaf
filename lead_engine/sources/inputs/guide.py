"""The guide to input lists, written from their contracts.

`python -m lead_engine.sources.inputs.guide > docs/reference/inputs.md`
"""

import sys
from collections.abc import Iterator
from types import NoneType
from typing import Any, get_args

from pydantic.fields import FieldInfo

from lead_engine.sources.lists import TOLD_ONE_BY_ONE, written

from . import LISTS
from .contract import InputList

HEAD = f"""# Input lists

Written from the contracts in `lead_engine/sources/inputs`; do not edit. Every list is optional and is named in the run's
configuration under one key, its path counted from the configuration file:

```yaml
inputs:
  attestations: attestations.csv
  county_adjacency: county_adjacency.parquet
```

`lead-engine run` and `lead-engine doctor CONFIG` read the lists with everything else and tell all mistakes at once, by file,
line and field, and never what a field holds; of one kind of mistake the first {TOLD_ONE_BY_ONE} lines, then how many more.
Rules about several fields or rows are asked of the lines whose own fields are right. `doctor` says how many rows each list
has. A list that no step reads yet changes no result; the stage that reads it, or will, is named with each. A list that is not
given is not the same as one without rows.

- CSV is UTF-8 with commas; the first line names the columns, in any order. Every column below must be there, and a field
  without a value is empty; where the table does not say "may be empty", it is filled. Other columns are left alone.
- Parquet (`.parquet`) has the same columns, as text, whole numbers, decimals, dates or flags; binary floating point is
  refused. Its first row is told as line 2, as it would be in CSV.
- A list is held in memory: some hundred thousand rows are fine, a nation's people are not.
- No CMS layout of these lists is published for LEAD; the columns are the engine's own. Whoever has REACH reports finds their
  columns in the words of the meaning.
- A list with Medicare identifiers is protected health information: keep it where the claims are kept.

The identifiers in the examples cannot be real: an MBI has no S in second place, a TIN never begins with 00, an NPI begins
with 1 or 2, a CCN has no state 00.
"""


def guide() -> str:
    """All input lists as Markdown."""
    contents = ["| list | rules | read by |", "|---|---|---|"]
    contents += [
        f"| [{each.name}](#{each.name}) | {', '.join(each.rules) or '-'} | {_reader(each)} |" for each in LISTS
    ]
    return "\n".join([HEAD, *contents, "", *(line for each in LISTS for line in _section(each))])


def _section(listed: InputList[Any]) -> Iterator[str]:
    """One list: what it is, its columns, its checks, an example."""
    yield f"## {listed.name}\n"
    yield f"{listed.about}\n"
    people = " Holds Medicare identifiers." if listed.holds_people else ""
    period = ", for a period" if listed.is_dated else ""
    yield f"Key: {', '.join(listed.key)}{period}. Read by: {_reader(listed)}.{people}\n"
    yield "| column | written as | may be empty | meaning |"
    yield "|---|---|---|---|"
    for name, field in listed.row.model_fields.items():
        form = written(field)
        words = form.words if form else ""
        yield f"| {name} | {words} | {'yes' if _is_optional(field) else ''} | {field.description} |"
    yield "\nChecked:\n"
    yield from (f"- {check.says}" for check in listed.checks)
    yield f"\n```\n{listed.example}```\n"


def _reader(listed: InputList[Any]) -> str:
    return listed.read_by if listed.is_read else f"not yet; will be: {listed.read_by}"


def _is_optional(field: FieldInfo) -> bool:
    return NoneType in get_args(field.annotation)


if __name__ == "__main__":
    sys.stdout.write(guide())
