"""V28 raw scores of flat tables beside a DuckDB program of the same work, and beside the package hccinfhir on a sample.

`python -m tests.perf.scoring 1000000 [--hccinfhir PYTHON]` prints figures as JSON. hccinfhir is no requirement of the engine:
put it into an environment of its own (`python -m venv VENV && VENV/bin/pip install hccinfhir pyarrow`) and name its
`VENV/bin/python`. Without it that part is skipped, and says so.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lead_engine.methodology.load import load
from lead_engine.methodology.resolve import resolve
from lead_engine.risk.catalogue import risk_model_named
from lead_engine.risk.flat import score_tables
from lead_engine.risk.model import RiskModel
from lead_engine.risk.terms import Cell, HccCount
from tests.perf.one import CORES

YEAR, SEED, EACH, TIMES = 2026, 1, 10, 3  # payment year; diagnoses a person; runs of which the fastest counts
SAMPLE = 20_000  # people for hccinfhir
OTHERS = "no HCC"
DUALS = {"00": 0.80, "02": 0.12, "01": 0.08}
ASKER = Path(__file__).with_name("hccinfhir_asked.py")


def main() -> None:
    """Seconds of each, ratios, and whether all say the same."""
    parser = argparse.ArgumentParser(prog="python -m tests.perf.scoring")
    parser.add_argument("people", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--hccinfhir", type=Path, help="the python of an environment that has hccinfhir")
    told = parser.parse_args()
    model = risk_model_named("V28")
    profiles, diagnoses = drawn(model, told.people)
    ours, scored = best(lambda: score_tables(profiles, diagnoses, ["V28"], YEAR)[0])
    traced, _ = best(lambda: score_tables(profiles, diagnoses, ["V28"], YEAR, trace=True)[0])
    duck, found = best(lambda: by_duckdb(model, profiles, diagnoses))
    told_same = same(scored.scores, found["scores"]) and same(scored.terms, found["terms"])
    figures: dict[str, Any] = {"people": told.people, "diagnoses": diagnoses.num_rows, "same_as_duckdb": told_same}
    figures |= {"engine": ours, "engine_with_trace": traced, "duckdb": duck}
    figures["times_duckdb"] = ours["seconds"] / duck["seconds"]
    figures["times_without_trace"] = traced["seconds"] / ours["seconds"]
    figures["hccinfhir"] = beside_hccinfhir(told.hccinfhir, profiles, diagnoses, scored.scores, ours, told.people)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def best(work: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """The fastest of some runs, in seconds and in CPU seconds of all cores: another's load slows a run, nothing hastens it."""
    found, seconds, cpu = None, [], []
    for _ in range(TIMES):
        found = None
        began, used = time.monotonic(), time.process_time()
        found = work()
        seconds.append(time.monotonic() - began)
        cpu.append(time.process_time() - used)
    return {"seconds": min(seconds), "cpu_seconds": min(cpu)}, found


def drawn(model: RiskModel, people: int, seed: int = SEED) -> tuple[pa.Table, pa.Table]:
    """Profiles, and about ten diagnoses each in no order: two in five map to an HCC, some codes much oftener than others."""
    chance = np.random.Generator(np.random.PCG64(seed))
    mapped = np.array(sorted(model.mappings), dtype=object)
    others = np.array([code for code in _codes_of_no_hcc() if code not in model.mappings], dtype=object)
    owner = np.repeat(np.arange(people), chance.poisson(EACH, people))
    owner = chance.permutation(owner)
    has_hcc = chance.random(len(owner)) < 0.4
    place = chance.permutation(len(mapped))[(chance.random(len(owner)) ** 3 * len(mapped)).astype(np.int64)]
    place = np.where(has_hcc, len(others) + place, chance.integers(0, len(others), len(owner)))
    ids = pa.array([f"P{number:08d}" for number in range(people)])
    codes = pa.array(np.concatenate([others, mapped]))
    age = np.where(chance.random(people) < 0.15, chance.integers(25, 65, people), chance.integers(65, 100, people))
    profiles = {
        "profile_id": ids,
        "age": pa.array(age),
        "sex": pa.array(np.array(["M", "F"])[chance.integers(0, 2, people)]),
        "dual_elgbl_cd": pa.array(chance.choice(np.array([*DUALS]), people, p=[*DUALS.values()])),
        "orec": pa.array(np.where((age < 65) | (chance.random(people) < 0.1), "1", "0")),
        "new_enrollee": pa.array(np.where(chance.random(people) < 0.05, "Y", "N")),
        "lti": pa.array(np.where(chance.random(people) < 0.03, "Y", "N")),
    }
    told = {"profile_id": ids.take(pa.array(owner)), "icd10": codes.take(pa.array(place))}
    return pa.table(profiles), pa.table(told)


def _codes_of_no_hcc() -> list[str]:
    return [f"{letter}{number:03d}" for letter in "KMNRSTZ" for number in range(0, 1000, 7)]


def by_duckdb(model: RiskModel, profiles: pa.Table, diagnoses: pa.Table) -> dict[str, pa.Table]:
    """Scores and terms by SQL, written from the rules, with as many threads as Spark is given cores."""
    db = duckdb.connect(config={"threads": CORES, "memory_limit": "8GB"})
    db.register("profiles", profiles)
    db.register("diagnoses", diagnoses)
    for name, rows in _tables(model).items():
        db.register(name, rows)
    for name, sql in PROGRAM:
        db.execute(f"CREATE TEMP TABLE {name} AS {sql}")
    return {name: db.sql(f"FROM {name}").to_arrow_table() for name in ("scores", "terms")}


def _tables(model: RiskModel) -> dict[str, pa.Table]:
    """The model's tables as SQL reads them."""
    cells = [(name, term) for name, term in model.terms.items() if isinstance(term, Cell)]
    counts = [(name, term) for name, term in model.terms.items() if isinstance(term, HccCount)]
    sides = [(name, *each.sides) for name, each in model.interactions.items()]
    classes = resolve(load().programme.first_year).table("risk/dual_status").records()
    last = f"{YEAR - 1}-12-31"
    rows: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
        "mapping": ("code hcc", [(c, r.hcc) for c, found in model.mappings.items() for r in found if str(r.valid_to) >= last]),
        "edits": (
            "code place sex youngest oldest hcc",
            [(c, n, e.sex_code, e.age_min, e.age_max, e.hcc) for c, of in model.edits.items() for n, e in enumerate(of)],
        ),
        "drops": ("dominant dropped", [(d, hcc) for d, below in model.hierarchies.items() for hcc in below]),
        "needs": ("hcc one_of", [(hcc, one) for hcc, some in model.conditions.items() for one in some]),
        "members": ("name hcc", [(name, hcc) for name, hccs in model.groups.items() for hcc in hccs]),
        "sides": ("term first second", sides),
        "factors": ("segment term worth", [(s, t, round(v * 10_000)) for (s, t), v in model.coefficients.items()]),
        "counts": ("term lowest highest", [(name, *each) for name, each in counts]),
        "cells": (
            "term sex youngest oldest aged duals orig lti",
            [
                (n, {"M": "1", "F": "2"}.get(c.sex, ""), c.youngest, c.oldest, c.is_aged, " ".join(c.dual_classes),
                 c.is_originally_disabled, c.is_long_term_institutional)
                for n, c in cells
            ],
        ),
        "classes": ("code class", [(row["dual_code"], row["dual_class"]) for row in classes]),
    }  # fmt: skip
    return {
        name: pa.table([pa.array(list(values)) for values in zip(*told, strict=True)], columns.split())
        for name, (columns, told) in rows.items()
    }


PROGRAM = (
    (
        "people",
        """
        WITH told AS (
            SELECT row_number() OVER () AS who, trim(profile_id) AS profile_id, age,
                   CASE upper(trim(sex)) WHEN 'M' THEN '1' WHEN 'F' THEN '2' END AS sex, coalesce(class, 'NONE') AS dual, orec,
                   upper(trim(new_enrollee)) = 'Y' AS is_new, upper(trim(lti)) = 'Y' AS is_lti
            FROM profiles LEFT JOIN classes ON code = lpad(trim(dual_elgbl_cd), 2, '0'))
        SELECT *, age >= 65 AS is_aged, age < 65 AND orec <> '0' AS is_disabled, age >= 65 AND orec = '1' AS is_orig,
               CASE WHEN is_new AND age = 64 AND orec = '0' THEN 65 ELSE age END AS cell_age,
               CASE WHEN is_new THEN 'NE' WHEN is_lti THEN 'INS'
                    ELSE 'C' || CASE dual WHEN 'FULL' THEN 'F' WHEN 'PARTIAL' THEN 'P' ELSE 'N' END
                             || CASE WHEN age >= 65 THEN 'A' ELSE 'D' END END AS segment
        FROM told""",
    ),
    (
        "coded",
        """
        SELECT DISTINCT p.who, p.age, p.sex, replace(upper(trim(icd10)), '.', '') AS code
        FROM diagnoses d JOIN people p ON p.profile_id = trim(d.profile_id)""",
    ),
    (
        "edited",
        """
        SELECT c.who, c.code, arg_min(coalesce(e.hcc, 0), e.place) AS hcc FROM coded c JOIN edits e ON e.code = c.code
          AND (e.sex = '' OR e.sex = c.sex)
          AND CASE WHEN youngest > oldest THEN age >= youngest OR age <= oldest ELSE age BETWEEN youngest AND oldest END
        GROUP BY ALL""",
    ),
    (
        "present",
        """
        SELECT DISTINCT who, hcc FROM (
            SELECT c.who, m.hcc FROM coded c JOIN mapping m ON m.code = c.code
            WHERE NOT EXISTS (FROM edited e WHERE e.who = c.who AND e.code = c.code)
            UNION ALL SELECT who, hcc FROM edited WHERE hcc > 0)""",
    ),
    (
        "allowed",
        """
        SELECT * FROM present p WHERE hcc NOT IN (SELECT hcc FROM needs) OR EXISTS (
            SELECT 1 FROM needs n JOIN present o ON o.hcc = n.one_of WHERE n.hcc = p.hcc AND o.who = p.who)""",
    ),
    (
        "once",
        "SELECT DISTINCT a.who, dropped AS hcc FROM allowed a JOIN drops ON dominant = a.hcc"
        " JOIN allowed b ON b.who = a.who AND b.hcc = dropped",
    ),
    (  # what is dropped by one that is dropped itself stays (RM 4.1): V28 has no longer chain
        "standing",
        """
        SELECT * FROM allowed a WHERE NOT EXISTS (
            SELECT 1 FROM drops d JOIN allowed b ON b.hcc = d.dominant WHERE d.dropped = a.hcc AND b.who = a.who
              AND NOT EXISTS (FROM once o WHERE o.who = b.who AND o.hcc = b.hcc))""",
    ),
    (
        "held",
        "SELECT DISTINCT who, name FROM standing JOIN members USING (hcc)"
        " WHERE name IN (SELECT first FROM sides UNION SELECT second FROM sides)"
        " UNION ALL SELECT who, 'DISABLED' FROM people WHERE is_disabled",
    ),
    (
        "applying",
        """
        SELECT who, 'HCC' || hcc AS term FROM standing
        UNION ALL
        SELECT who, term FROM people p JOIN cells c ON (c.sex = '' OR c.sex = p.sex)
          AND CASE WHEN c.duals LIKE '%NONE%' OR c.duals LIKE '%FULL%' THEN cell_age ELSE p.age END BETWEEN youngest AND oldest
          AND (aged IS NULL OR aged = is_aged) AND (orig IS NULL OR orig = is_orig) AND (lti IS NULL OR lti = is_lti)
          AND (duals = '' OR contains(duals, dual))
        UNION ALL
        SELECT who, term FROM (SELECT who, count(*) AS n FROM standing GROUP BY who) JOIN counts ON n BETWEEN lowest AND highest
        UNION ALL
        SELECT a.who, s.term FROM sides s JOIN held a ON a.name = s.first JOIN held b ON b.name = s.second AND b.who = a.who""",
    ),
    (
        "worth",
        "SELECT who, term, worth FROM applying JOIN people USING (who) JOIN factors USING (segment, term)",
    ),
    (
        "terms",
        "SELECT profile_id, 'V28' AS model, term, (worth / 10000)::DECIMAL(12, 4) AS coefficient"
        " FROM worth JOIN people USING (who)",
    ),
    (
        "scores",
        """
        SELECT profile_id, 'V28' AS model, segment, (coalesce(sum, 0) / 10000)::DECIMAL(12, 4) AS risk_score,
               coalesce(hccs, '') AS hccs
        FROM people
        LEFT JOIN (SELECT who, sum(worth) AS sum FROM worth GROUP BY who) USING (who)
        LEFT JOIN (SELECT who, string_agg(hcc::VARCHAR, ' ' ORDER BY hcc) AS hccs FROM standing GROUP BY who) USING (who)""",
    ),
)


def same(one: pa.Table, other: pa.Table) -> bool:
    """Whether two tables hold the same rows, in whatever order: their number, and a sum of hashes over all columns."""
    db = duckdb.connect()
    sums = []
    for table in (one, other):
        db.register("shown", table)
        columns = ", ".join(f"{name}::VARCHAR" for name in one.column_names)
        sums.append(db.execute(f"SELECT count(*), sum(hash({columns})::HUGEINT) FROM shown").fetchall())
    return sums[0] == sums[1]


def beside_hccinfhir(
    python: Path | None, profiles: pa.Table, diagnoses: pa.Table, scores: pa.Table, ours: dict[str, float], people: int
) -> dict[str, Any] | str:
    """People a second and core of both on a sample, and how many scores differ; a line where the package is not there."""
    if python is None or not python.is_file():
        return "skipped: name the python of an environment with hccinfhir by --hccinfhir"
    few = profiles.slice(0, min(SAMPLE, people))
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(few, f"{folder}/profiles.parquet")
        pq.write_table(diagnoses, f"{folder}/diagnoses.parquet")
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [str(python), str(ASKER), folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=False)
    if done.returncode:
        return f"skipped: {python} could not score with hccinfhir"
    told = json.loads(done.stdout.splitlines()[-1])
    own = dict(zip(scores["profile_id"].to_pylist(), scores["risk_score"].to_pylist(), strict=True))
    differ = [name for name, score in told["scores"].items() if abs(float(own[name]) - score) > 5e-5]
    both = pc.and_(pc.equal(few["new_enrollee"], "Y"), pc.equal(few["lti"], "Y"))  # docs/explained-differences.md
    known = set(few["profile_id"].filter(both).to_pylist())
    theirs = few.num_rows / told["cpu_seconds"]
    mine = people / ours["cpu_seconds"]
    return {
        "version": told["version"],
        "people": few.num_rows,
        "people_a_core_second": theirs,
        "engine_people_a_core_second": mine,
        "times": mine / theirs,
        "differ": len(differ),
        "differ_for_no_known_reason": len(set(differ) - known),
    }


if __name__ == "__main__":
    main()
