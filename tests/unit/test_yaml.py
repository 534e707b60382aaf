"""YAML keeps lines, exact numbers and codes, and refuses what it cannot keep."""

from decimal import Decimal

import pytest

from lead_engine.foundation import yaml
from lead_engine.foundation.errors import ConfigurationError


def test_scalars_are_what_is_written():
    data = yaml.load('a: 01\nb: 0.03\nc: [1, 02, NO]\nd: 2026-09-30\ne: true\nf:\ng: "1/10"\n', "f").data
    assert data == {
        "a": "01",
        "b": Decimal("0.03"),
        "c": [1, "02", "NO"],
        "d": "2026-09-30",
        "e": True,
        "f": None,
        "g": "1/10",
    }


def test_places_have_lines():
    document = yaml.load("a: 1\nb:\n  - x\n  - {y: 2}\n", "f.yaml")
    assert document.where(("b", 1, "y")) == "f.yaml line 4, field b.1.y"
    assert document.where(("b", 1, "z")) == "f.yaml line 4, field b.1.z"
    assert document.where(()) == "f.yaml line 1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "f line 2: the key 'a' stands twice"),
        ("a: [1\n", "f line 2: not readable as YAML"),
        ("a: 1\n---\nb: 2\n", "f line 2: not readable as YAML"),
    ],
)
def test_what_is_refused(text, said):
    with pytest.raises(ConfigurationError) as raised:
        yaml.load(text, "f")
    assert str(raised.value).startswith(said)


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert yaml.load("\ufeffa: 1\n", "f").data == {"a": 1}
