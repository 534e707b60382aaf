"""The code a step's result depends on."""

from lead_engine.foundation import code


def test_a_rule_reaches_what_it_uses_and_no_more():
    reached = code.closure("lead_engine.alignment.rank")
    assert {"lead_engine.alignment.decide", "lead_engine.alignment.rules", "lead_engine.methodology.resolve"} <= set(
        reached
    )
    assert not [
        name for name in reached if name.startswith(("lead_engine.marts", "lead_engine.pipeline", "lead_engine.cli"))
    ]


def test_loading_claims_does_not_depend_on_the_page():
    reached = code.closure("lead_engine.sources.rif.claims")
    assert "lead_engine.tables.claims" in reached
    assert not [
        name
        for name in reached
        if name.startswith(("lead_engine.marts", "lead_engine.risk", "lead_engine.tables.aco_year"))
    ]


def test_names_in_every_form():
    text = (
        "import lead_engine.a\nfrom lead_engine import b\nfrom . import c\n"
        "from .d import e\ndef f():\n    from ..lake import g\n"
    )
    assert {
        "lead_engine.a",
        "lead_engine.b",
        "lead_engine.alignment.c",
        "lead_engine.alignment.d",
        "lead_engine.lake.g",
    } <= code.imported_names(text, "lead_engine.alignment.rank")


def test_the_fingerprint_follows_the_source(monkeypatch):
    before = code.fingerprint("lead_engine.foundation.months")
    code.fingerprint.cache_clear()
    monkeypatch.setattr(code, "source", lambda name: "changed")
    assert code.fingerprint("lead_engine.foundation.months") != before
    code.fingerprint.cache_clear()
    code.imports.cache_clear()
