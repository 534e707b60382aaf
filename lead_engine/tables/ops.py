"""The ledger: runs, verified table versions, quality figures, quarantined records."""

import pandera.pyspark as pa

from .contract import DATE, INTEGER, LONG, TEXT, Phi, column, contract, optional


@contract("ops__run", grain="run", key=("run_identity",), phi=Phi.NONE)
class Run(pa.DataFrameModel):
    """What was run: the same configuration, inputs, methodology and code give the same row."""

    run_identity: TEXT = column("SHA-256 over the identities of all its steps", "id")
    performance_year: INTEGER = column("Performance year", "year")
    code_version: TEXT = column("Version of the engine", "id")
    methodology_fingerprint: TEXT = column("SHA-256 over all parameters, scenario applied", "id")
    alignment_claims_cutoff: DATE = column("Known-by date of alignment claims")
    spending_claims_cutoff: DATE = optional("Known-by date of payments; empty where every record delivered counts")
    enrolment_through: DATE = column("Last month with enrolment data", "month")
    scenarios: TEXT = column("Override files, by name")
    inputs: TEXT = column("Source files with their SHA-256, as JSON")


@contract("ops__step", grain="verified table version", key=("identity",), phi=Phi.NONE)
class Step(pa.DataFrameModel):
    """A table version that was written and passed its contract."""

    identity: TEXT = column("SHA-256 over step, code, rules, inputs: the same identity is the same content", "id")
    run_id: TEXT = column("First 12 digits of the identity, as rows carry it", "id")
    step: TEXT = column("Step, named after the table it writes", "id")
    version: LONG = column("Delta version that holds it", "count")
    rows: LONG = column("Rows written", "count")
    people: LONG = optional("People among them", "count")
    cents: LONG = optional("Dollars of the table, where it holds such", "cents")
    seconds: INTEGER = column("Whole seconds the step took", "count")
    reads: TEXT = column("Tables it read, as JSON; their identities are part of its own")


@contract(
    "ops__quality",
    grain="identity, account and reason",
    key=("identity", "account", "side", "reason"),
    phi=Phi.SMALL_CELLS,
)
class Quality(pa.DataFrameModel):
    """Accounts of a step: what went in is what came out plus what was excluded, by reason."""

    identity: TEXT = column("Identity of the step", "id")
    step: TEXT = column("Step", "id")
    account: TEXT = column("What is accounted for, for example claim lines")
    side: TEXT = column("in, out or excluded", "code", isin=["in", "out", "excluded"])
    reason: TEXT = column("Why excluded; empty text on the other sides", "code")
    rows: LONG = column("Rows", "count")
    cents: LONG = column("Cents; 0 where the account has no money", "cents")


@contract(
    "ops__quarantine",
    grain="file, field and reason of a bad record",
    key=("source_file", "record_hash", "field", "reason"),
    phi=Phi.PERSON,
)
class Quarantine(pa.DataFrameModel):
    """Records that were refused, and why. The content is not kept; file and record number lead back to it."""

    source_file: TEXT = column("Name of the file")
    received_date: DATE = column("Day the delivery was received")
    record_hash: LONG = column("Keyed hash of the record's text", "key")
    record_number: LONG = optional("First line of the file with this text, the header being line 1", "count")
    field: TEXT = column("Field of the file")
    reason: TEXT = column("What is wrong with it", "code")
    records: LONG = column("Identical records in the file", "count", ge=1)
