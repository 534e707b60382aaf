"""Scores of hccinfhir, run by the python of its own environment: `PYTHON hccinfhir_asked.py FOLDER`; prints JSON.

The folder holds the people and diagnoses of `scoring.py`. Only scoring is timed, person by person, as the package does it.
"""

import importlib.metadata
import json
import sys
import time
from collections import defaultdict

import pyarrow.parquet as pq
from hccinfhir import Demographics, HCCInFHIR

FIELDS = ("age", "sex", "dual_elgbl_cd", "orec")


def main(folder: str) -> None:
    """Score everybody once."""
    people = pq.read_table(f"{folder}/profiles.parquet").to_pylist()
    wanted = {row["profile_id"] for row in people}
    told = pq.read_table(f"{folder}/diagnoses.parquet").to_pydict()
    codes = defaultdict(list)
    for who, code in zip(told["profile_id"], told["icd10"], strict=True):
        if who in wanted:
            codes[who].append(code)
    scorer = HCCInFHIR(
        model_name="CMS-HCC Model V28", switch_edits=False
    )  # edits of the model stay, those of MCE are off
    scores = {}
    began = time.process_time()
    for row in people:
        asked = {name: row[name] for name in FIELDS}
        who = Demographics(**asked, new_enrollee=row["new_enrollee"] == "Y", lti=row["lti"] == "Y")
        scores[row["profile_id"]] = scorer.calculate_from_diagnosis(codes[row["profile_id"]], who).risk_score
    seconds = time.process_time() - began
    version = importlib.metadata.version("hccinfhir")
    sys.stdout.write(json.dumps({"version": version, "cpu_seconds": seconds, "scores": scores}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
