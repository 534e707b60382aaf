"""docs/performance.md from figures."""

import math
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
HOT = ("calc__unit_score", "calc__spend_month", "calc__risk_diagnosis")
ALIGNED = (
    "calc__alignment_candidate",
    "calc__designation",
    "calc__voluntary_choice",
    "calc__midyear_alignment",
    "calc__overlap_month",
    "calc__alignment",
    "calc__alignment_month",
)
MARKED = {*HOT, *ALIGNED}
TIMES_READING, EXPONENT = 3.0, 1.05
SHARE_OF_A_RUN = 0.02
SECONDS_FEW_TINS, SECONDS_EVERYBODY, SIZE_OF_MARKS = 5, 25, 1_000_000  # the last in people
NATION_PEOPLE = 34_000_000  # people in Original Medicare with Parts A and B, about 2024
EXECUTOR_CORES, EXECUTOR_MEMORY = 4, "16 GB"
COLUMNS = [
    "step",
    "rows",
    "reading s",
    "first s",
    "computing s",
    "CPU s",
    "reading CPU s",
    "× reading",
    "rows/s",
    "shuffled MB",
    "spilled MB",
    "peak GB",
]
COLUMNS += ["DuckDB CPU s", "× DuckDB", "same"]
HEAD = """# Performance

Written by `make perf`; do not edit. Each step runs in a process of its own over core tables of an invented network
(`lead-engine synth --as core`), with {cores} cores and {memory} for Spark, on {machine}. Seconds of different days or machines
are not to be compared; ratios within a row are.

- **reading**: Spark reads just the columns and partitions that the step reads, and keeps nothing (`noop`).
- **computing**: the step, every column of every row made and kept nowhere. **first**: what it took the first time, Java
  warming up and writing the table included; reading and computing come after it.
- **once**: a step of over a minute that no mark is about is not computed again; its CPU seconds are those of the first time.
- **× reading**, **× DuckDB** and **growth** are of CPU seconds, which other work on the machine disturbs least.
- **peak**: all memory of the Java process; {memory} is its heap.
- **DuckDB**: the same work as a SQL program of our own on the same Parquet files with as many cores, into a table in
  memory; its rows and the sum of hashes over all columns are compared with the table Spark wrote.
- **growth**: the exponent by which computing grows with claim lines, between the two largest sizes.

The marks are: the three steps that scan claims take at most {times:.0f} times reading, grow by at most {exponent}, and
spill nothing at the largest size.
"""

TRIED = """## What was tried

- Java never compiles a method of over 8,000 bytes of code, and Spark writes one for each stage. `calc__unit_score`,
  warm at 100,000 people: 13.8 s; 6.1 s with `spark.sql.codegen.hugeMethodLimit` at 8000; 4.1 s with
  `-XX:-DontCompileHugeMethods`, which `conf/profiles/common.properties` now sets.
  Leaving out lines of other codes beforehand gained a tenth and was not kept.
- `calc__risk_diagnosis` asked for the least of a struct and counted distinct claims, for which Spark sorts all rows; day and
  claim as one decimal number and a plain count are hashed.
- `calc__spend_month` adds up by one whole number of month and claim type, not by a date and a text: 6.7 s before, 5.7 s
  since, at 100,000 people. What remains is two rounds of hashing with a shuffle between, for nearly as many sums as claims;
  shuffling first helped little. DuckDB, with one round, takes 1.7 s.
- Broadcasts take a page of memory each, by default up to 64 MB: `spark.buffer.pageSize` is small in the shipped profiles.
- Raw scores of flat tables: the walk over hierarchies looks at those who have the dominant HCC, truths are found in one
  dimension (NumPy takes ten times as long in two), codes are cleaned once each, models are read once a process. At 200,000
  people 2.2 CPU seconds before, 1.5 since.
- A cross-product by dense blocks in float32 or float64, exact for so few people, took two to five times as long as SciPy's
  sparse one in 64-bit integers; by 32-bit integers no less. What helped was to hand columns on as bytes: Spark copies a list
  number by number.
- Why `calc__risk_diagnosis` misses three times reading: a run scores four models, so each diagnosis is asked of four mappings
  and written for each. Lines, diagnoses and profiles meet by person in one shuffle each, where the plan had five; what is left
  is hashing by person, year and code. DuckDB is no faster at the largest size.
- At 1,000,000 people `calc__risk_diagnosis` took 351 CPU seconds and spilled 1.1 GB with 8 shuffle partitions, 274 and nothing
  with 32, which `conf/profiles/local.properties` now has. There, steps down to
  `calc__high_needs_check` were measured with 8, this one aside.
- Other work ran beside the steps at 100,000 people, the three that scan claims aside, which were measured again alone; growth of
  the others is flattered. The networks are of before conditions went by age and while a service could stand twice on a bill
  (142 to 148 claim lines a person, 132 now). They were invented beside other work too: to invent 100,000 people now takes
  148 s alone.
- Why `calc__spend_month` misses it: the first of two rounds of hashing saves little, since most sums are of one claim, and all
  rows are shuffled. A third of its CPU seconds is looking into hash maps; Spark cannot be told to leave the first round out.
  Leaving out the small map before the large one (`spark.sql.codegen.aggregate.map.twolevel.enabled`) saved an eighth and is
  shipped. At 1,000,000 people 96 shuffle partitions took 90 CPU seconds where 8 took 82, so small maps are no faster.
- `calc__benchmark_line` is made on the driver, of few rows, and not measured.
- Aligning everybody again, of four years at 100,000 people, took 34.8 s warm and takes 13.7 s. Months of a person's year are
  bits of a whole number now, and rows of months are made only of answers: candidates took 9.1 s, and take 4. Spark read the
  ranking a second time to learn from it which years to read (`dynamicPartitionPruning`): off, since the rules say which.
  Java compiled the same stages again and again, as Spark keeps 100 by default (`spark.sql.codegen.cache.maxEntries`).
  Larger files in aligned months (Delta's `fileCompressionFactor`) made that step three times slower: fewer tasks than cores.
- Why everybody again misses 25 s: at 1,000,000 people it makes 21 million candidates of 15 million scores, 4 million answers of
  them, and 28 million months, in about a third of the time each. The plan brings scores of a person to one place once and ranks
  them where they lie; choices, High Needs, months and other models then meet by person and year, seven shuffles in all
  (`tests/spark/test_plans.py`). What is left is making and hashing that many rows with two cores.
- A what-if looks at months, payments and scores only of whose answer becomes another. Why a few TINs miss 5 s: it takes 9 s at
  10,000 people, 13 s at 100,000 and, the third time, 18 s at 1,000,000, for 3,322, 13,423 and 19,137 people at the TINs. Of the
  13 s, five are calls that make the plan, four and a half answers, three sums. Of the 18 s, five to six make the plan and the
  lists, seven are answers and five sums: few people looked for in whole tables. No constraint propagation, no adaptive plans, two
  shuffle partitions: nothing gained at 100,000 people (14.1 and 12.6 s for the second and third time, 14.2 and 12.8 before). Not
  tried: months and payments laid out by residence, so that files without anybody at a TIN are skipped; by person is not enough,
  since two people in a hundred stand in every row group.
"""


WHAT_IF = """## What if

Three TINs move: one out of an ACO, one to another ACO, one from outside into it (`lead-engine what-if tins`, from stored
scores to suppressed figures, of four years). They are those in the middle by people, or those where most people are. Beside
it, everybody is aligned again for four years: `calc__unit_score` to every column of `calc__alignment_month`. **first** is
what a command takes, Java warming up included; the start of Spark, {start:.0f} s, is not counted.

| people | what | people at the TINs | first s | s | CPU s |
|---|---|---|---|---|---|
{rows}
"""
MIDDLE, EVERYBODY = "middle", "everybody"
AGAIN = {MIDDLE: "three TINs of the middle", "largest": "the three largest TINs", EVERYBODY: "everybody"}


SCORING = """## Raw scores

V28 of {people:,} people in flat tables, {diagnoses:,} diagnoses in no order, into scores and every term: `lead_engine.risk.flat`
with one core, and a DuckDB program with {cores}, written from the rules, of the same work in the same run. The fastest of three
runs each. Target: at most {times:.1f} times DuckDB's seconds, with the trace of every diagnosis at most {trace:.0f} times those
without, and {package:.0f} times the people a core and second of the Python package hccinfhir on a sample.

| | seconds | CPU seconds | |
|---|---|---|---|
{rows}
"""
MOST_TIMES_DUCKDB, MOST_TIMES_TRACE, LEAST_TIMES_PACKAGE = 2.5, 2.0, 5.0
CROSSPRODUCT = """## Cross-product of a calibration

{people:,} people with 250 columns, ten of them 1: exact sums of 40 blocks in {ours:.1f} s, MLlib's normal equations in
{theirs:.1f} s: {ratio:.2f} times (target: half).
"""


def scoring(told: dict[str, Any]) -> str:
    """The section on raw scores, from what `tests.perf.scoring` printed."""
    from tests.perf.one import CORES

    rows = [
        f"| {name} | {told[key]['seconds']:.1f} | {told[key]['cpu_seconds']:.1f} | {said} |"
        for name, key, said in (
            (
                "engine",
                "engine",
                f"{told['times_duckdb']:.2f} times DuckDB ({_met(told['times_duckdb'] <= MOST_TIMES_DUCKDB)}), "
                f"scores and terms {'the same' if told['same_as_duckdb'] else 'NOT the same'}",
            ),
            (
                "engine with trace",
                "engine_with_trace",
                f"{told['times_without_trace']:.2f} times without ({_met(told['times_without_trace'] <= MOST_TIMES_TRACE)})",
            ),
            ("DuckDB", "duckdb", f"{CORES} threads"),
        )
    ]
    package = told["hccinfhir"]
    if isinstance(package, str):
        rows.append(f"| hccinfhir | | | {package} |")
    else:
        rows.append(
            f"| hccinfhir {package['version']}, {package['people']:,} people | | | "
            f"{package['people_a_core_second']:,.0f} people a core and second, the engine "
            f"{package['engine_people_a_core_second']:,.0f}: {package['times']:.1f} times "
            f"({_met(package['times'] >= LEAST_TIMES_PACKAGE)}); {package['differ']} scores differ, "
            f"{package['differ_for_no_known_reason']} for no known reason (docs/explained-differences.md) |"
        )
    return SCORING.format(
        people=told["people"], diagnoses=told["diagnoses"], cores=CORES, times=MOST_TIMES_DUCKDB, trace=MOST_TIMES_TRACE,
        package=LEAST_TIMES_PACKAGE, rows="\n".join(rows),
    )  # fmt: skip


def crossproduct(told: dict[str, Any]) -> str:
    """The section on the cross-product, from what `tests.perf.crossproduct` printed."""
    return CROSSPRODUCT.format(
        people=told["people"], ours=told["seconds"], theirs=told["mllib_seconds"], ratio=told["ratio"]
    )


def page(measured: list[dict[str, Any]], *sections: str) -> str:
    """The page."""
    from tests.perf.one import CORES, MEMORY

    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    head = HEAD.format(cores=CORES, memory=MEMORY, machine=machine, times=TIMES_READING, exponent=EXPONENT)
    whole = max(measured, key=lambda told: (len(told["steps"]), told["people"]))  # the largest size with every step
    parts = [
        head,
        *(_of_size(told, whole) for told in measured),
        _what_ifs(measured),
        _growth(measured),
        _marks(measured),
        *sections,
        TRIED,
        _cost(whole),
    ]
    return "\n".join(parts)


def _of_size(told: dict[str, Any], whole: dict[str, Any]) -> str:
    lines = told["steps"]["calc__unit_score"].get("lines", 0)
    rows = "\n".join(_row(name, step) for name, step in told["steps"].items())
    seconds = told["synth_seconds"]
    made = f"{lines:,} claim lines; "
    made += (
        f"inventing them took {seconds:,.0f} s, {lines / seconds:,.0f} lines a second with all other tables."
        if seconds
        else "invented before, which was not timed."
    )
    return f"""## {told["people"]:,} people

{made}

| {" | ".join(COLUMNS)} |
|{"---|" * len(COLUMNS)}
{rows}
{_missing([name for name in whole["steps"] if name not in told["steps"]])}"""


def warm(step: dict[str, Any]) -> dict[str, Any]:
    """What a step took the second time, or the first where that was all."""
    found: dict[str, Any] = step.get("computing", step["first computing"])
    return found


def _missing(names: list[str]) -> str:
    """What was not measured at a size."""
    return f"\nNot measured at this size: {', '.join(f'`{name}`' for name in names)}.\n" if names else ""


def _row(name: str, step: dict[str, Any]) -> str:
    reading, computing, duck = step.get("reading"), warm(step), step.get("duck")
    cells = [
        f"`{name}`",
        f"{step['rows']:,}",
        f"{reading['seconds']:.1f}" if reading else "",
        f"{step['first computing']['seconds']:.1f}",
        f"{computing['seconds']:.1f}" if reading else "once",
        f"{computing['cpu_seconds']:.1f}",
        f"{reading['cpu_seconds']:.1f}" if reading else "",
        f"{_times(computing, reading):.2f}" if reading else "",
        f"{step['rows'] / computing['seconds']:,.0f}",
        f"{computing['shuffle_bytes'] / 1e6:,.1f}",
        f"{computing['spill_bytes'] / 1e6:,.1f}",
        f"{step['peak_bytes'] / 1e9:.1f}",
        *(
            [
                f"{duck['cpu_seconds']:.1f}",
                f"{_times(computing, duck):.1f}",
                "yes" if duck["is_equal"] else "NO",
            ]
            if duck
            else ["", "", ""]
        ),
    ]
    return f"| {' | '.join(cells)} |"


def _what_ifs(measured: list[dict[str, Any]]) -> str:
    sizes = [told for told in measured if "what_if" in told]
    rows = "\n".join(_again(told["people"], told["what_if"], name) for told in sizes for name in AGAIN)
    return WHAT_IF.format(start=max(told["what_if"]["start_seconds"] for told in sizes), rows=rows) if sizes else ""


def _again(people: int, told: dict[str, Any], name: str) -> str:
    touched = f"{told[f'people at {name}']:,}" if name != EVERYBODY else ""
    first, second = told[f"first {name}"]["seconds"], told[name]["seconds"]
    return f"| {people:,} | {AGAIN[name]} | {touched} | {first:.1f} | {second:.1f} | {told[name]['cpu_seconds']:.1f} |"


def exponent(smaller: dict[str, Any], larger: dict[str, Any], name: str) -> float:
    """By which power of the number of claim lines the CPU seconds of a step grow: computed again, or the first time."""
    steps = [told["steps"][name] for told in (smaller, larger)]
    lines = [told["steps"][HOT[0]]["lines"] for told in (smaller, larger)]
    time = "computing" if all("computing" in step for step in steps) else "first computing"
    return math.log(_times(steps[1][time], steps[0][time])) / math.log(lines[1] / lines[0])


def _times(one: dict[str, Any], other: dict[str, Any]) -> float:
    """How many times the CPU seconds of another work one takes."""
    return float(one["cpu_seconds"] / other["cpu_seconds"])


def _growth(measured: list[dict[str, Any]]) -> str:
    if len(measured) < 2:
        return ""
    smaller, larger = measured[-2:]
    both = [name for name in larger["steps"] if name in smaller["steps"]]
    rows = "\n".join(f"| `{name}` | {exponent(smaller, larger, name):.2f} |" for name in both)
    return f"## Growth\n\n| step | exponent |\n|---|---|\n{rows}\n"


def _marks(measured: list[dict[str, Any]]) -> str:
    """Which marks are met at the largest size."""
    return "## Marks\n\n" + "\n".join(_held(measured)) + "\n"


def _held(measured: list[dict[str, Any]]) -> Iterator[str]:
    """The marks of the steps that scan claims at the largest size, those of alignment at the largest that has its steps."""
    for name in HOT:
        step = measured[-1]["steps"][name]
        times, spilled = _times(step["computing"], step["reading"]), step["computing"]["spill_bytes"]
        yield f"- `{name}`: {times:.2f} times reading ({_met(times <= TIMES_READING)})"
        yield f"- `{name}`: {spilled / 1e6:,.1f} MB spilled ({_met(spilled == 0)})"
        if len(measured) > 1:
            found = exponent(*measured[-2:], name)
            yield f"- `{name}`: growth {found:.2f} ({_met(found <= EXPONENT)})"
    aligned = [told for told in measured if "what_if" in told]
    if aligned:
        yield from _of_alignment(aligned[-1])


def _of_alignment(told: dict[str, Any]) -> Iterator[str]:
    """Ranking, routes and months beside the scores they start from; and the two kinds of aligning again."""
    seconds = {name: warm(step)["cpu_seconds"] for name, step in told["steps"].items()}
    after, scores = sum(seconds[name] for name in ALIGNED), seconds[HOT[0]]
    at = f"at {told['people']:,} people"
    yield f"- ranking, routes and months {at}: {after:.1f} CPU s, unit scores {scores:.1f} CPU s ({_met(after <= scores)})"
    for name, most in ((MIDDLE, SECONDS_FEW_TINS), (EVERYBODY, SECONDS_EVERYBODY)):
        took = told["what_if"][name]["seconds"]
        mark = f"at most {most} s at {SIZE_OF_MARKS:,} people"
        yield f"- {AGAIN[name]} aligned again {at}: {took:.1f} s, {mark} ({_met(took <= most)})"
    steps = sum(step["first computing"]["seconds"] for step in told["steps"].values())
    share = told["what_if"][EVERYBODY]["seconds"] / steps
    yield f"- everybody aligned again {at}: {share:.1%} of the steps from core tables, at most {SHARE_OF_A_RUN:.0%} of a run,"
    yield f"  which loads files too ({_met(share <= SHARE_OF_A_RUN)})"


def _met(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def _cost(largest: dict[str, Any]) -> str:
    """What a nation would take, from the CPU seconds of the largest size."""
    cpu = sum(warm(step)["cpu_seconds"] for step in largest["steps"].values())
    hours = cpu * NATION_PEOPLE / largest["people"] / 3600
    rows = "\n".join(
        f"| {count} | {count * EXECUTOR_CORES} | {hours / (count * EXECUTOR_CORES):.1f} |" for count in (4, 16, 64)
    )
    return f"""## What a nation would take

From the CPU seconds of all steps at {largest["people"]:,} people, in proportion: {NATION_PEOPLE:,} people (Original Medicare,
Parts A and B, about 2024) take {hours:,.0f} core hours from core tables to the figures of each ACO.

| executors of {EXECUTOR_CORES} cores and {EXECUTOR_MEMORY} | cores | hours |
|---|---|---|
{rows}

Assumed: cores as fast as this machine's, growth in proportion, enough partitions (some 2,000 for claims, so that a task
holds what a task held here), storage that feeds every core. Not measured: loading text, writing tables, the network
between executors. What limits it first is the shuffle of claim lines to people where tables are not laid out by person.
"""
