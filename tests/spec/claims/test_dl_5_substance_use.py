"""DL 5.1, DL 5.3: a claim with a code of substance use, on a line or as a diagnosis, is not shown; the others are."""

from lead_engine.claims.rules import SubstanceUseRules
from lead_engine.claims.substance_use import without_them
from tests.drawn import table
from tests.rules import resolved

RULES = SubstanceUseRules.from_methodology(resolved())
CLAIMS = table(
    """
    source | claim | line | code  | diagnosis | shown
    -------|-------|------|-------|-----------|------
    RIF    | 1     | 1    | 99213 | I10       | yes
    RIF    | 2     | 1    | 99213 | F1020     | no
    RIF    | 3     | 1    | 99213 | I10       | no
    RIF    | 3     | 2    | G2086 |           | no
    RIF    | 4     | 1    |       |           | yes
    CCLF   | 2     | 1    | 99213 | I10       | yes
    """,
    claim=int,
    line=int,
)


def test_shown(spark):
    lines = [(row["source"], row["claim"], row["line"], row["code"]) for row in CLAIMS]
    diagnoses = [(row["source"], row["claim"], row["diagnosis"]) for row in CLAIMS if row["diagnosis"]]
    found = without_them(
        spark.createDataFrame(lines, "source_kind string, claim_id long, line_number int, hcpcs_code string"),
        spark.createDataFrame(diagnoses, "source_kind string, claim_id long, icd10_code string"),
        RULES,
    )
    shown = {(row["source_kind"], row["claim_id"], row["line_number"]) for row in found.collect()}
    assert shown == {(row["source"], row["claim"], row["line"]) for row in CLAIMS if row["shown"] == "yes"}
