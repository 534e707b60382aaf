"""Lists of people reach risk: who lives in a facility is scored so, and who got a kidney from that month on (RM 3.4)."""

import csv
from datetime import date

import pytest

from lead_engine.tables import CONTRACTS

YEAR, INSTITUTIONAL = 2027, "INS"


@pytest.fixture
def listed(finished):
    """The rows of a list of the network."""

    def rows(name: str) -> list[dict[str, str]]:
        with finished.path.with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows


@pytest.fixture
def keys(lake):
    """People by Medicare number."""
    known = lake.read(CONTRACTS["core__beneficiary_identity"]).where("id_kind = 'mbi'").collect()
    return {row["id_value"]: row["bene_key"] for row in known}


def test_institutional_months_are_scored_by_their_segment(lake, listed, keys):
    """Everybody listed through January, and nobody else, by the institutional segment of V28."""
    january = date(YEAR, 1, 1).isoformat()
    wanted = {
        keys[row["mbi"]]
        for row in listed("institutional_periods")
        if row["effective_date"] <= january <= (row["termination_date"] or january)
    }
    scores = lake.read(CONTRACTS["calc__risk_score"]).where(f"model = 'V28' AND year = {YEAR}").collect()
    assert {row["bene_key"] for row in scores if row["segment"] == INSTITUTIONAL} == wanted != set()
    assert not any("LTI_NOT_GIVEN" in row["flags"] or "GRAFT_FROM_DRG" in row["flags"] for row in scores)


def test_a_transplant_is_scored_from_its_month_on(lake, listed, keys):
    grafts = {keys[row["mbi"]]: row["transplant_date"] for row in listed("kidney_transplants")}
    scores = lake.read(CONTRACTS["calc__risk_score"]).where(f"model = 'ESRDV24' AND year = {YEAR}").collect()
    with_graft = [row for row in scores if row["segment"] == "TRANSPLANT"]
    assert with_graft
    for row in with_graft:
        assert grafts[row["bene_key"]][:7] <= f"{YEAR}-{row['first_month']:02d}"


def test_every_listed_person_is_known(lake, listed):
    for name in ("institutional_periods", "kidney_transplants"):
        assert lake.read(CONTRACTS[f"core__{name.removesuffix('s')}"]).count() == len(listed(name)) > 0
