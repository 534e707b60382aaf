"""A configuration is checked whole: unknown keys, wrong values and missing files together."""

import re
from datetime import date

import pytest

from lead_engine.foundation.errors import ConfigurationError, LeadError, MethodologyError
from lead_engine.pipeline.config import open_config, read_config
from tests.cclf_files import PERSON, deliver, record


def told(config, *changes) -> str:
    text = config.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    config.write_text(text)
    with pytest.raises(LeadError) as raised:
        read_config(config)
    return str(raised.value)


def test_a_right_one(network):
    config = read_config(network)
    assert config.facts.first_performance_years == (2027,)
    assert {aco.aco_id for aco in config.acos} == {"L0001", "L0002", "L0003", "L0009"}
    assert config.lake == str(network.parent / "lake")


def test_people_of_acos_are_not_the_nation(own_network):
    """BMK-32: deliveries of CCLF alone cannot hold the reference population."""
    source = re.search(r"- \{?kind: rif.*", own_network.read_text())[0]
    nation = ("lake: lake", "lake: lake\nreference_population: lake")
    said = told(own_network, (source, "- {kind: cclf, path: elsewhere}"), nation)
    assert "field reference_population: says the lake holds the nation" in said


def test_three_mistakes_are_all_told(own_network):
    said = told(
        own_network,
        ("enrolment_through: 2027-06", "enrolment_through: June"),
        ("acos.csv", "nobody.csv"),
        ("lake: lake", "lake: lake\nlaek: x"),
    )
    assert said.startswith("3 problems:")
    for part in (
        "field enrolment_through: must be a month written YYYY-MM",
        "there is no file nobody.csv",
        "field laek: unknown key",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("performance_year: 2027", "performance_year: soon"), "line 3, field performance_year"),
        (("performance_year: 2027\n", ""), "field performance_year: is missing"),
        (("kind: rif", "kind: csv"), "field sources.0: Input tag 'csv'"),
        (("received: 2027-09-01", "received: yesterday"), "field sources.0.received"),
        (("path: rif", "path: elsewhere"), "there is no such folder"),
        (("[no_service_area.yaml]", "[]"), "the service area is to be tested and no county adjacency is given"),
        (("[no_service_area.yaml]", "[other.yaml]"), "there is no file other.yaml"),
        (("lake: lake", "lake: lake\nreference_population: nation"), "field reference_population"),
        (("lake: lake", "lake: ${NO_SUCH_VARIABLE}/lake"), "names a variable that is not set"),
    ],
)
def test_one_mistake(own_network, change, said):
    if "NO_SUCH" in change[1]:
        own_network.write_text(own_network.read_text().replace(*change))
        with pytest.raises(ConfigurationError, match=said):
            _ = read_config(own_network).lake
    else:
        assert said in told(own_network, change)


def test_a_year_the_programme_does_not_cover(own_network):
    own_network.write_text(own_network.read_text().replace("performance_year: 2027", "performance_year: 2026"))
    with pytest.raises(MethodologyError, match="covers performance years 2027 to 2036, not 2026"):
        read_config(own_network)


def test_a_list_and_a_folder_are_wrong_together(own_network):
    folder = own_network.parent
    (folder / "participants.csv").write_text("aco_id,tin\n")
    for file in (folder / "rif").glob("*"):
        file.unlink()
    said = told(own_network)
    assert "lacks the columns provider_class, ccn" in said
    assert "has no beneficiary file" in said and "has no claim file" in said


def test_not_a_configuration(tmp_path):
    (tmp_path / "run.yaml").write_text("just text\n")
    with pytest.raises(ConfigurationError):
        read_config(tmp_path / "run.yaml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_config(tmp_path / "none.yaml")


def test_a_lake_can_be_opened_after_its_files_have_gone(own_network):
    for file in (own_network.parent / "rif").glob("*"):
        file.unlink()
    assert open_config(own_network).settings.performance_year == 2027


@pytest.mark.parametrize(
    ("lake", "is_path"), [("lake", True), ("./a.b", True), ("s3://bucket/lake", True), ("catalog.schema", False)]
)
def test_forms_of_a_lake(own_network, lake, is_path):
    own_network.write_text(own_network.read_text().replace("lake: lake", f"lake: {lake}"))
    found = open_config(own_network).lake
    assert (found == lake) == (not is_path or "://" in lake)


def test_the_secret(own_network, monkeypatch, tmp_path):
    assert open_config(own_network).secret.startswith("the secret of an invented")
    monkeypatch.setenv("LEAD_ID_SECRET", "from the variable")
    assert open_config(own_network).secret == "from the variable"
    monkeypatch.setenv("LEAD_ID_SECRET", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    own_network.write_text(own_network.read_text().replace("id_secret_file: id_secret.txt\n", ""))
    made = open_config(own_network).secret
    assert len(made) == 64 and open_config(own_network).secret == made
    assert (tmp_path / ".config/lead_engine/id_secret").stat().st_mode & 0o077 == 0


def test_a_secret_that_is_not_there(own_network, monkeypatch):
    monkeypatch.delenv("LEAD_ID_SECRET", raising=False)
    said = told(own_network, ("id_secret.txt", "nothing.txt"), ("acos.csv", "nobody.csv"))
    assert "field id_secret_file: there is no file nothing.txt" in said and "there is no file nobody.csv" in said


def test_cclf_deliveries_are_taken_once_and_by_day(own_network):
    """However folders are listed, and when one is listed twice."""
    for number, day in ((2, date(2027, 8, 13)), (1, date(2027, 7, 16))):
        deliver(own_network.parent / f"cclf{number}", {"8": [record("8", PERSON)]}, day, aco="L0001")
    sources = "\n".join(f"  - {{kind: cclf, path: cclf{number}}}" for number in (2, 1, 2))
    text = own_network.read_text("utf-8").replace("sources:\n", f"sources:\n{sources}\n")
    own_network.write_text(text, "utf-8")
    found = read_config(own_network).cclf
    assert [delivery.received for delivery in found] == [date(2027, 7, 16), date(2027, 8, 13)]
