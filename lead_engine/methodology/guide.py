"""The guide to parameters, written from their files: `python -m lead_engine.methodology.guide > docs/reference/parameters.md`."""

import sys

from .load import load
from .parameter import DatedValue, Parameter
from .reference import index

HEAD = """# Parameters and reference tables

Written from `conf/methodology` and `conf/reference`; do not edit. A value holds from its performance year until the
next one. Status: *confirmed* was read in CMS text, *reported* stands in a secondary source, *open* is not published
and the value is the stated fallback. Source codes and rule ids are those of `docs/methodology`. A scenario changes any
of them: see `conf/runs/no_service_area.yaml`.
"""


def guide() -> str:
    """All parameters and reference tables as Markdown."""
    loaded = load()
    lines = [HEAD, f"Programme {loaded.programme.name}: {loaded.programme.years}.\n"]
    for name, parameter in sorted(loaded.parameters.items()):
        lines += [
            f"## {name}\n",
            f"{parameter.description} Unit: {parameter.unit}. Rules: {', '.join(parameter.rules)}.\n",
        ]
        lines += ["| from | value | status | source |", "|---|---|---|---|"]
        lines += [_row(parameter, year, dated) for year, dated in sorted(parameter.values.items())]
        lines += ["", f"Disagreement: {parameter.disagreement}\n"] if parameter.disagreement else [""]
    lines += ["## Reference tables\n", "| table | what | origin | licence | valid |", "|---|---|---|---|---|"]
    lines += [
        f"| {name} | {entry.description} | {entry.origin} | {entry.licence} | {entry.valid} |"
        for name, entry in sorted(index().items())
    ]
    return "\n".join(lines) + "\n"


def _row(parameter: Parameter, year: int, dated: DatedValue) -> str:
    value = parameter.read(dated.value)
    shown = ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)
    passes = "" if dated.inclusive is None else (", itself included" if dated.inclusive else ", itself excluded")
    choices = f" (of {', '.join(parameter.choices)})" if parameter.choices else ""
    return f"| {year} | {shown}{passes}{choices} | {dated.status} | {dated.source}: {dated.cite} |"


if __name__ == "__main__":
    sys.stdout.write(guide())
