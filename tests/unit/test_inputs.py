"""Input lists: right files, every mistake with line and field, all at once, Parquet as CSV, and no identifier told."""

import csv
import io
import re
from dataclasses import fields
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from lead_engine.cli.main import app
from lead_engine.foundation.errors import ConfigurationError
from lead_engine.foundation.identifiers import MBI_PATTERN
from lead_engine.pipeline.check import check_config
from lead_engine.pipeline.config import read_config
from lead_engine.pipeline.plan import identities
from lead_engine.sources.inputs import LISTS, Inputs, Known, read_inputs
from lead_engine.sources.lists import TOLD_ONE_BY_ONE
from lead_engine.sources.participants import Participant

BY_NAME = {listed.name: listed for listed in LISTS}
CANARY = "1EG4TE5MK73"


def participant(aco_id, tin="", ccn=""):
    return Participant.model_validate({"aco_id": aco_id, "provider_class": "Participant", "tin": tin, "ccn": ccn})


PARTICIPANTS = (participant("L0001", tin="000000001"), participant("L0002", ccn="000002"))
KNOWN = Known(2027, 2036, {"L0001": 2027, "L0002": 2027, "L0003": 2028}, PARTICIPANTS)


@pytest.fixture
def read(tmp_path):
    """Reads lists given as text by name."""

    def go(known=KNOWN, **texts) -> Inputs:
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text, "utf-8")
        return read_inputs({name: tmp_path / f"{name}.csv" for name in texts}, known)

    return go


@pytest.fixture
def problems(read):
    """What is said of lists that are wrong."""

    def go(known=KNOWN, **texts) -> str:
        with pytest.raises(ConfigurationError) as raised:
            read(known, **texts)
        return str(raised.value)

    return go


def records(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(BY_NAME[name].example)))


def text_of(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def changed(name: str, line: int = 2, **values: str) -> str:
    """The example of a list with some fields of one line changed; one line more copies line 2."""
    rows = records(name)
    rows += [dict(rows[0])] if line == len(rows) + 2 else []
    rows[line - 2] |= values
    return text_of(rows)


def examples(*names: str) -> dict[str, str]:
    """A right file of each; elections need the Preferred Provider they name."""
    row = "L0001,000000003,9000000003,2027-01-01,\n"
    return {name: BY_NAME[name].example + (row if name == "preferred_providers" else "") for name in names}


def test_every_example_of_the_guide_is_right(read):
    inputs = read(**examples(*BY_NAME))
    assert set(inputs.counts) == set(BY_NAME) == {field.name for field in fields(Inputs)}
    for name, count in inputs.counts.items():
        assert count == len(records(name)) + (name == "preferred_providers")


def test_no_example_could_be_real():
    for listed in LISTS:
        assert not re.search(MBI_PATTERN, listed.example), listed.name
        for row in records(listed.name):
            assert row.get("mbi", "1S")[1] == "S"
            assert row.get("tin", "")[:2] in ("", "00") and row.get("ccn", "")[:2] in ("", "00")
            assert row.get("npi", "")[:1] in ("", "9")


def test_values_are_exact(read):
    inputs = read(**examples("county_rates", "quality_scores", "attestations"))
    assert [row.rate_pbpm_usd for row in inputs.county_rates.rows][2] == Decimal("8735.2313")
    assert inputs.quality_scores.rows[0].quality_score == Decimal("0.85") and inputs.quality_scores.rows[0].pqp_met
    last = inputs.attestations.rows[-1]
    assert (last.aco_id, last.tin, last.carried_from_reach) == (None, None, False)


def test_what_is_not_given_is_none_and_what_is_empty_has_no_rows(read):
    inputs = read(attestations=",".join(BY_NAME["attestations"].columns) + "\n")
    assert inputs.attestations.rows == () and inputs.county_rates is None and inputs.counts == {"attestations": 0}


WRONG = [
    ("preferred_providers", {"aco_id": "L9999"}, "field aco_id: is no ACO of the run"),
    ("reference_risk_scores", {"score_year": "2037"}, "field score_year: is after 2036"),
    ("reference_risk_scores", {"category": "ALL"}, "field category: is not AD, ESRD or HN"),
    ("reference_risk_scores", {"mean_score": "0"}, "field mean_score: is not a mean score above 0"),
    ("reference_risk_scores", {"model": ""}, "field model: is empty"),
    ("preferred_providers", {"tin": "12"}, "field tin: is not nine digits"),
    ("preferred_providers", {"npi": ""}, "field npi: is empty"),
    ("preferred_providers", {"effective_date": "01/01/2027"}, "field effective_date: is not a day written YYYY-MM-DD"),
    ("preferred_providers", {"effective_date": "2027-02-30"}, "field effective_date: is not a day"),
    ("preferred_providers", {"effective_date": "86400"}, "field effective_date: is not a day"),
    ("preferred_providers", {"effective_date": "0207-01-01"}, "field effective_date: is not a day"),
    ("preferred_providers", {"termination_date": "2026-12-31"}, "termination_date: is before effective_date"),
    ("ccn_to_tin", {"ccn": "0001"}, "field ccn: is not 6 to 10 capital letters and digits"),
    ("ccn_to_tin", {"ccn": "000002", "tin": "000000001"}, "maps a Participant CCN of one ACO to a Participant TIN of"),
    ("attestations", {"attestation_id": CANARY}, "field attestation_id: is not 1 to 30 letters"),
    ("attestations", {"channel": "EVA"}, "field channel: is not MVA or SVA"),
    ("attestations", {"mbi": "1S00-000-0001"}, "field mbi: is not eleven letters and digits without dashes"),
    ("attestations", {"aco_id": ""}, "field aco_id: is empty"),
    ("attestations", {"submission_date": ""}, "field submission_date: is empty"),
    ("attestations", {"response_code": "A9"}, "field response_code: is not a response code"),
    ("attestations", {"channel": "MVA"}, "field response_code: is given on an MVA row"),
    ("attestations", {"channel": "MVA", "response_code": "", "npi": ""}, "field npi: is empty"),
    ("attestations", {"carried_from_reach": "Y"}, "field carried_from_reach: is not yes or no"),
    ("attestations", {"opt_out_date": "2027-01-01"}, "field opt_out_date: is given on a row that is not carried"),
    ("attestations", {"carried_from_reach": "yes", "signature_date": "2027-01-01"}, "is yes on a row signed in 2027"),
    ("attestations", {"revoked_date": "2026-08-14"}, "field revoked_date: is before signature_date"),
    ("other_model_people", {"model": "MSPP"}, "field model: is not a model of the reference table"),
    ("other_model_people", {"assignment": ""}, "field assignment: is empty on an MSSP row"),
    ("other_model_people", {"model": "KCC"}, "field assignment: is given on a row that is not of MSSP"),
    ("other_model_tins", {"tin": "00000000I"}, "field tin: is not nine digits"),
    ("county_adjacency", {"county_code": "39035"}, "field county_code: is not an SSA county code"),
    ("participant_offices", {"county_code": "39035"}, "field county_code: is not an SSA county code"),
    ("participant_offices", {"ccn": "000002"}, "field tin: names a TIN and a CCN"),
    ("participant_offices", {"tin": ""}, "field tin: names neither a TIN nor a CCN"),
    ("participant_offices", {"tin": "000000009"}, "field tin: is no Participant of the ACO"),
    ("participant_offices", {"aco_id": "L0002"}, "field tin: is no Participant of the ACO"),
    ("medicaid_partners", {"state": "New York"}, "field state: is not two letters of a state"),
    ("medicaid_partners", {"org_id": ""}, "field org_id: is empty"),
    ("medicaid_enrolment", {"month": "2028-13"}, "field month: is not a month written YYYY-MM"),
    ("medicaid_enrolment", {"month": "2028-01-15"}, "field month: is not a month"),
    ("medicaid_enrolment", {"full_benefit_dual": "02"}, "field full_benefit_dual: is not yes or no"),
    ("quality_scores", {"quality_score": "1.01"}, "field quality_score: is not a share between 0 and 1"),
    ("quality_scores", {"quality_score": "85%"}, "field quality_score: is not a share between 0 and 1"),
    ("quality_scores", {"quality_score": "1e-1"}, "field quality_score: is not a share"),
    ("quality_scores", {"quality_score": "NaN"}, "field quality_score: is not a share"),
    ("quality_scores", {"high_performers_pool_usd": "1,000"}, "field high_performers_pool_usd: is not dollars"),
    ("quality_scores", {"high_performers_pool_usd": "1_000"}, "field high_performers_pool_usd: is not dollars"),
    ("quality_scores", {"high_performers_pool_usd": "-1"}, "field high_performers_pool_usd: is not dollars"),
    ("quality_scores", {"performance_year": "2026"}, "is not one of the programme's years 2027 to 2036"),
    ("quality_scores", {"aco_id": "L0003"}, "performance_year: is before the ACO's first performance year"),
    ("quality_scores", {"performance_year": "27"}, "field performance_year: is not a year of four digits"),
    ("capitation_elections", {"mechanism": "EPCC"}, "field mechanism: is not TCC, PCC, NPCC or APO"),
    ("capitation_elections", {"fee_reduction_rate": "0"}, "field fee_reduction_rate: is not a share above 0"),
    ("capitation_elections", {"ccn": "000002"}, "field tin: names a TIN and a CCN"),
    ("capitation_elections", {"tin": ""}, "field tin: names neither a TIN nor a CCN"),
    ("capitation_elections", {"tin": "", "ccn": "000002", "npi": "9000000001"}, "field npi: is given beside a CCN"),
    ("capitation_elections", {"tin": "000000004"}, "field tin: is neither a Participant nor a Preferred Provider"),
    ("capitation_elections", {"aco_id": "L0002"}, "field tin: is neither a Participant nor a Preferred Provider"),
    ("capitation_elections", {"mechanism": "TCC"}, "field mechanism: is TCC in an ACO and year with PCC"),
    ("external_risk_scores", {"raw_score": "-0.1"}, "field raw_score: is not a score from 0"),
    ("external_risk_scores", {"raw_score": "1.1234567"}, "field raw_score: is not a score from 0"),
    ("external_risk_scores", {"category": "A&D"}, "field category: is not AD, ESRD or HN"),
    ("external_risk_scores", {"score_year": "2037"}, "field score_year: is after 2036"),
    ("external_risk_scores", {"data_sha256": "abc"}, "field data_sha256: is not 64 digits"),
    ("external_risk_scores", {"computed_date": "2026-12-30"}, "field computed_date: is before data_through_date"),
    ("institutional_periods", {"effective_date": ""}, "field effective_date: is empty"),
    ("institutional_periods", {"termination_date": "2025-08-31"}, "termination_date: is before effective_date"),
    ("kidney_transplants", {"transplant_date": "2025-6-30"}, "field transplant_date: is not a day written"),
    ("kidney_transplants", {"failure_date": "2025-06-29"}, "field failure_date: is before transplant_date"),
    ("county_rates", {"rate_pbpm_usd": "0"}, "field rate_pbpm_usd: is not dollars above 0"),
    ("county_rates", {"gaf_trend": "11"}, "field gaf_trend: is not a ratio"),
    ("county_rates", {"county_code": "99999"}, "field county_code: is not an SSA county code"),
]


@pytest.mark.parametrize(("name", "values", "said"), WRONG, ids=lambda part: str(part)[:40])
def test_a_mistake(problems, name, values, said):
    texts = examples("preferred_providers") | {name: changed(name, **values)}
    told = problems(**texts)
    assert said in told and f"{name}.csv line 2" in told
    for value in values.values():
        assert not (len(value) > 4 and value in told), "what a field holds is not repeated"


@pytest.mark.parametrize("name", BY_NAME)
def test_a_line_said_twice(problems, name):
    copies = {"attestations": {"mbi": "1S000000009"}, "quality_scores": {"quality_score": "0"}}
    last = len(records(name)) + 2
    told = problems(**examples("preferred_providers") | {name: changed(name, last, **copies.get(name, {}))})
    assert f"{name}.csv line {last}" in told and "(line 2)" in told
    assert ("overlaps the period" in told) is BY_NAME[name].is_dated
    assert ("repeats the" in told) is not BY_NAME[name].is_dated


@pytest.mark.parametrize("name", BY_NAME)
def test_a_missing_column(problems, name):
    for column in BY_NAME[name].columns:
        header, _, rest = BY_NAME[name].example.partition("\n")
        text = ",".join("other" if each == column else each for each in header.split(",")) + "\n" + rest
        assert f"{name}.csv line 1: lacks the columns {column}" in problems(**{name: text})


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ((",2027-06-30"), ("2027-07-01,"), False),
        ((",2027-06-30"), ("2027-06-30,"), True),
        (("2027-01-01,"), (",2026-12-31"), False),
        (("2027-01-01,"), (",2027-01-01"), True),
        ((","), ("2030-01-01,2030-12-31"), True),
    ],
)
def test_periods_hold_both_their_days(read, problems, first, second, overlap):
    text = f"ccn,tin,effective_date,termination_date\n000009,000000001,{first}\n000009,000000002,{second}\n"
    if overlap:
        assert "overlaps the period of another line with the same ccn (line" in problems(ccn_to_tin=text)
    else:
        assert len(read(ccn_to_tin=text).ccn_to_tin.rows) == 2


def test_a_short_period_inside_a_long_one_hides_no_overlap(problems):
    days = ["2027-01-01,2027-12-31", "2027-02-01,2027-02-28", "2027-06-01,2027-07-01"]
    rows = "".join(f"000009,00000000{number},{span}\n" for number, span in enumerate(days))
    told = problems(ccn_to_tin=f"ccn,tin,effective_date,termination_date\n{rows}")
    assert "line 3" in told and "line 4" in told and told.count("(line 2)") == 2


def test_a_person_may_be_in_two_models_at_once_but_not_twice_in_one(read, problems):
    head = ",".join(BY_NAME["other_model_people"].columns) + "\n"
    first = "1S000000001,KCC,,,2027-01-01,2027-06-30\n"
    assert read(other_model_people=head + first + "1S000000001,GEO_AHEAD,,,2027-03-01,\n").counts
    told = problems(other_model_people=head + first + "1S000000001,KCC,,,2027-06-30,\n")
    assert "line 3, field effective_date: overlaps the period of another line with the same mbi, model (line 2)" in told


def test_a_pair_may_stand_with_several_acos_and_with_participants(read):
    assert len(read(preferred_providers=BY_NAME["preferred_providers"].example).preferred_providers.rows) == 3


def test_pairs_of_counties_go_both_ways(problems):
    rows = BY_NAME["county_adjacency"].example.splitlines()
    told = problems(county_adjacency="\n".join(rows[:-1]) + "\n")
    assert "line 3, field neighbour_county_code: is not said the other way round" in told
    told = problems(county_adjacency="\n".join([*rows[:-1], "3648O,36170"]) + "\n")
    assert "line 4, field county_code" in told and "other way round" not in told, "the wrong line may be the other half"


def test_npcc_needs_pcc(problems):
    rows = [row for row in records("capitation_elections") if row["mechanism"] != "PCC"]
    told = problems(**examples("preferred_providers") | {"capitation_elections": text_of(rows)})
    assert "is NPCC in an ACO and year without PCC" in told


def test_one_model_and_one_book(problems):
    told = problems(
        external_risk_scores=changed("external_risk_scores", 3, model_version="1.0"),
        county_rates=changed("county_rates", 3, book_version="Rate book 2.0"),
    )
    assert (
        "line 3, field model_version: differs from the first line of the same score_year and category (line 2)" in told
    )
    assert "line 3, field book_version: differs from the first line of the same performance_year" in told


def test_elections_wait_for_a_right_list_of_preferred_providers(read, problems):
    elections = BY_NAME["capitation_elections"].example
    assert "is neither a Participant nor" in problems(capitation_elections=elections)
    told = problems(preferred_providers=changed("preferred_providers", tin="1"), capitation_elections=elections)
    assert "line 2, field tin: is not nine digits" in told and "neither" not in told
    assert read(Known(2027, 2036, None, None), capitation_elections=elections).capitation_elections


def test_everything_wrong_at_once(problems):
    wrong: dict[str, str] = {}
    for name, values, _ in WRONG:
        rows = list(csv.DictReader(io.StringIO(wrong.get(name, BY_NAME[name].example))))
        wrong[name] = text_of([*rows, {**records(name)[0], **values}])
    told = problems(**wrong)
    assert set(wrong) == set(BY_NAME)
    waits = (
        "is neither a Participant nor",
        "is TCC in an ACO",
    )  # for right Preferred Providers; for all rows to be right
    for name, values, said in WRONG:
        assert any(part in said for part in waits) is (said not in told), (name, values)
    assert CANARY not in told and not re.search(r"1S\d{9}", told.replace("such as 1S000000001", ""))


@pytest.mark.parametrize("name", [listed.name for listed in LISTS if listed.holds_people])
def test_no_identifier_is_told_wherever_it_slipped_in(problems, read, name):
    for column in BY_NAME[name].columns:
        if column not in ("mbi", "entity_id", "org_id", "model_name", "model_version", "computed_by"):
            assert CANARY not in problems(**{name: changed(name, **{column: CANARY})}), column
    twice = changed(name, len(records(name)) + 2, mbi=CANARY).replace(records(name)[0]["mbi"], CANARY)
    assert CANARY not in problems(**{name: twice})
    assert CANARY not in problems(**{name: changed(name, mbi=f"{CANARY},{CANARY}")})
    assert CANARY not in problems(**{name: changed(name, mbi=CANARY).partition("\n")[2]}), "no line of column names"
    assert CANARY not in repr(read(**{name: changed(name, mbi=CANARY)}))


def test_a_mistake_that_fills_a_file_is_told_as_a_number(problems):
    row = ",".join(records("quality_scores")[0].values())
    text = (
        ",".join(BY_NAME["quality_scores"].columns) + "\n" + f"{row.replace('0.85', '2')}\n" * (TOLD_ONE_BY_ONE + 1_005)
    )
    told = problems(quality_scores=text)
    assert f"line {TOLD_ONE_BY_ONE + 1}, field quality_score" in told
    assert f"line {TOLD_ONE_BY_ONE + 2}, field quality_score" not in told
    assert (
        "quality_scores.csv, field quality_score: is not a share between 0 and 1, both included, on 1,005 lines" in told
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('ccn,tin,effective_date,termination_date\n"000001,000000001,,\n', "cannot be read as CSV from here on"),
        ("ccn,tin,effective_date,termination_date\n000001,000000001\n", "line 2: has 2 fields, the first line names 4"),
        ("ccn,tin,effective_date,termination_date\n000001,000000001,,,x\n", "line 2: has 5 fields"),
        ("ccn,tin,tin,effective_date,termination_date\n000001,1,1,,\n", "line 1: names the column tin twice"),
        ("", "line 1: lacks the columns ccn, tin, effective_date, termination_date"),
    ],
)
def test_a_file_that_is_no_table(problems, text, said):
    assert said in problems(ccn_to_tin=text)


def typed(name: str) -> pa.Table:
    """The example as a Parquet file would have it: days, flags, numbers and decimals by their types."""
    from datetime import date

    def value(field, text):
        kind = str(field.annotation)
        if text == "":
            return None
        if "date" in kind:
            return date.fromisoformat(text if len(text) == 10 else f"{text}-01")
        if "bool" in kind:
            return text == "yes"
        return int(text) if field.annotation is int else Decimal(text) if "Decimal" in kind else text

    model = BY_NAME[name].row.model_fields
    return pa.table({each: [value(field, row[each]) for row in records(name)] for each, field in model.items()})


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "capitation_elections"])
@pytest.mark.parametrize("form", ["text", "typed"])
def test_parquet_is_read_as_csv(read, tmp_path, name, form):
    as_csv = getattr(read(**{name: BY_NAME[name].example}), name)
    table = typed(name) if form == "typed" else pa.Table.from_pylist(records(name))
    parquet.write_table(table, tmp_path / "list.parquet")
    as_parquet = getattr(read_inputs({name: tmp_path / "list.parquet"}, KNOWN), name)
    assert as_parquet.rows == as_csv.rows and as_parquet.version != as_csv.version


@pytest.mark.parametrize("name", BY_NAME)
def test_parquet_is_told_as_csv(problems, tmp_path, name):
    last = len(records(name)) + 2
    text = changed(name, last, **{BY_NAME[name].columns[0]: "?"})
    rows = list(csv.DictReader(io.StringIO(text)))
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / f"{name}.parquet")
    with pytest.raises(ConfigurationError) as raised:
        read_inputs({name: tmp_path / f"{name}.parquet"}, KNOWN)
    assert str(raised.value).replace(".parquet", ".csv") == problems(**{name: text})


def test_parquet_that_cannot_be_taken(tmp_path):
    path = tmp_path / "quality_scores.parquet"

    def told(table=None) -> str:
        if table:
            parquet.write_table(table, path)
        with pytest.raises(ConfigurationError) as raised:
            read_inputs({"quality_scores": path}, KNOWN)
        return str(raised.value)

    right = pa.Table.from_pylist(records("quality_scores"))
    place = right.column_names.index("quality_score")
    assert "field quality_score: is a double" in told(right.set_column(place, "quality_score", [[0.85, 1.0]]))
    assert "lacks the columns quality_score" in told(right.drop_columns("quality_score"))
    path.write_bytes(b"no Parquet")
    assert "cannot be read as a Parquet file" in told()
    path.unlink()
    assert "cannot be read as a Parquet file" in told()


# with a configuration


def bare(config) -> str:
    """The configuration without the lists the network comes with."""
    return config.read_text("utf-8").partition("inputs:")[0]


def given(config, *lines: str) -> None:
    config.write_text(bare(config) + "\n".join(["inputs:", *(f"  {line}" for line in lines), ""]), "utf-8")


def beside(config, name: str, text: str) -> str:
    config.with_name(f"{name}.csv").write_text(text, "utf-8")
    return f"{name}: {name}.csv"


def test_a_configuration_carries_the_rows_and_a_list_no_step_reads_changes_no_identity(own_network):
    own_network.write_text(bare(own_network), "utf-8")
    before = identities(read_config(own_network))
    lists = ("quality_scores", "county_adjacency")
    given(own_network, *(beside(own_network, name, BY_NAME[name].example) for name in lists))
    config = read_config(own_network)
    counts = config.inputs.counts
    assert set(counts) == set(lists) and identities(config) == before
    assert all(f"{name} {counts[name]} rows" in check_config(own_network) for name in lists)


def test_a_configuration_shows_nobody(own_network):
    own_network.write_text(bare(own_network), "utf-8")
    given(own_network, beside(own_network, "other_model_people", BY_NAME["other_model_people"].example))
    config = read_config(own_network)
    assert config.inputs.other_model_people.rows[0].mbi == "1S000000001" and "1S000000001" not in repr(config)


def test_a_list_that_a_step_reads_changes_what_rests_on_it(own_network):
    own_network.write_text(bare(own_network), "utf-8")
    before = identities(read_config(own_network))
    given(own_network, beside(own_network, "reference_risk_scores", BY_NAME["reference_risk_scores"].example))
    after = identities(read_config(own_network))
    assert {table for table in after if after[table] != before[table]} == {"calc__benchmark_line", "mart__risk_ratio"}
    lists = ("reference_risk_scores", "external_risk_scores")
    given(own_network, *(beside(own_network, name, BY_NAME[name].example) for name in lists))
    with_scores = identities(read_config(own_network))
    assert set(with_scores) - set(after) == {"core__external_risk_score"}
    changed_too = {table for table in after if after[table] != with_scores[table]}
    assert changed_too == {"calc__aco_risk", "calc__benchmark_line", "mart__risk_ratio"}


def test_choices_change_alignment_and_what_rests_on_it(own_network):
    own_network.write_text(bare(own_network), "utf-8")
    before = identities(read_config(own_network))
    given(own_network, beside(own_network, "attestations", "\n".join(BY_NAME["attestations"].example.splitlines()[:2])))
    after = identities(read_config(own_network))
    assert set(after) - set(before) == {
        "core__attestation", "calc__designation", "calc__voluntary_choice", "calc__voluntary_care",
        "calc__attestation_response",
    }  # fmt: skip
    changed = {table for table in before if after[table] != before[table]}
    assert {"calc__alignment", "calc__alignment_month", "calc__voluntary_history", "calc__aco_risk"} <= changed
    assert not {"calc__alignment_candidate", "calc__midyear_alignment", "calc__risk_score"} & changed


def test_a_configuration_without_lists(own_network):
    own_network.write_text(bare(own_network), "utf-8")
    assert read_config(own_network).inputs == Inputs()
    given(own_network)
    with pytest.raises(ConfigurationError, match="field inputs: Input should be a valid dict"):
        read_config(own_network)


def test_wrong_lists_are_told_with_everything_else(own_network):
    wrong = beside(own_network, "attestations", changed("attestations", mbi="?", aco_id="L9999"))
    also = beside(own_network, "quality_scores", changed("quality_scores", aco_id="L9999"))
    given(own_network, wrong, also, "attestatoins: a.csv", "county_rates: nowhere.csv")
    own_network.write_text(own_network.read_text("utf-8").replace("path: rif", "path: elsewhere"), "utf-8")
    with pytest.raises(ConfigurationError) as raised:
        read_config(own_network)
    told = str(raised.value)
    for said in (
        "attestations.csv line 2, field mbi",
        "quality_scores.csv line 2, field aco_id: is no ACO of the run",
        "field inputs.attestatoins: unknown list",
        "the lists are preferred_providers, ccn_to_tin, attestations,",
        "field inputs.county_rates: there is no file nowhere.csv",
        "there is no such folder",
    ):
        assert said in told


def test_lists_are_not_held_against_a_list_of_acos_that_is_wrong(own_network):
    given(own_network, beside(own_network, "quality_scores", changed("quality_scores", quality_score="2")))
    own_network.with_name("acos.csv").write_text("aco_id\nL0001\n")
    with pytest.raises(ConfigurationError) as raised:
        read_config(own_network)
    assert "lacks the columns first_performance_year" in str(raised.value)
    assert "field quality_score" in str(raised.value) and "no ACO of the run" not in str(raised.value)


def test_a_county_adjacency_alone_does_not_test_the_service_area(own_network):
    given(own_network, beside(own_network, "county_adjacency", BY_NAME["county_adjacency"].example))
    own_network.write_text(own_network.read_text("utf-8").replace("[no_service_area.yaml]", "[]"), "utf-8")
    with pytest.raises(ConfigurationError, match="is to be tested and no list of participant offices is given"):
        read_config(own_network)


def test_run_and_doctor_tell_the_same(own_network, monkeypatch):
    monkeypatch.setattr("lead_engine.lake.jars.ensure_jars", lambda: [own_network])
    given(own_network, beside(own_network, "quality_scores", BY_NAME["quality_scores"].example))
    out = CliRunner().invoke(app, ["doctor", str(own_network)]).output
    assert "quality_scores 2 rows" in out
    beside(own_network, "quality_scores", changed("quality_scores", quality_score="2"))
    checked = CliRunner().invoke(app, ["doctor", str(own_network)])
    run = CliRunner().invoke(app, ["run", str(own_network), "--dry-run"])
    said = "quality_scores.csv line 2, field quality_score: is not a share between 0 and 1"
    assert said in checked.output and checked.exit_code == ConfigurationError.exit_code
    assert said in str(run.exception)
