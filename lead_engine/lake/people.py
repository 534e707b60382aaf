"""Finds the person somebody asks for, by any identifier or by key. The identifier itself goes no further."""

from pyspark.sql import functions as F

from lead_engine.foundation.errors import ConfigurationError, Problem
from lead_engine.foundation.identifiers import KEY_HEX_DIGITS, keyed_hash
from lead_engine.tables import CONTRACTS

from .failures import spark_failures
from .store import Lake

KINDS = ("bene_id", "mbi")
KEY_END = 16**KEY_HEX_DIGITS  # keys are below


def find_person(lake: Lake, secret: str, identifier: str) -> int:
    """The key of the person with an MBI, a BENE_ID or a key. Raises ConfigurationError when the lake knows nobody such."""
    keys = [
        keyed_hash(secret, kind, identifier.strip().upper() if kind == "mbi" else identifier.strip()) for kind in KINDS
    ]
    with spark_failures("looking up a person"):
        identities = lake.read(CONTRACTS["core__beneficiary_identity"]).where(F.col("id_key").isin(keys))
        people = lake.read(CONTRACTS["core__beneficiary"]).where(
            F.col("bene_key").isin([*keys, *_own_key(identifier.strip())])
        )
        found = {
            row["bene_key"]
            for row in identities.select("bene_key").union(people.select("bene_key")).distinct().collect()
        }
    if len(found) != 1:
        remedy = "give an MBI, a BENE_ID, or a bene_key as the tables show it; the lake must be of the same secret"
        raise ConfigurationError(Problem("", "the lake knows nobody by this identifier", remedy=remedy))
    return found.pop()


def _own_key(text: str) -> list[int]:
    """The key that a text writes; none where it is no number, or one that no key reaches."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(KEY_END))
    return [int(text)] if is_number and int(text) < KEY_END else []
