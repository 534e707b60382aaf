"""`lead-engine synth`: invent a network of claims with known answers."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .show import ProfileOption, note, remember, say

NAME = "synth"
LOCAL = 20_000  # people; from here on Spark's workers share the blocks


class Form(StrEnum):
    """What the network is written as."""

    RIF = "rif"
    CCLF = "cclf"
    CORE = "core"


def command(
    out: Annotated[Path, typer.Option(help="Folder for the network: absent or empty.")],
    people: Annotated[int, typer.Option(min=100, help="How many people to invent.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 1,
    form: Annotated[Form, typer.Option("--as", help="Claim files of a kind, or core tables of a lake.")] = Form.RIF,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a network that is in the folder.")] = False,
    profile: ProfileOption = "local",
) -> None:
    """Invent people, practices, ACOs and six years of claims, with the answers that every stage must give."""
    from lead_engine.synthetic.lists import CONFIG
    from lead_engine.synthetic.network import Network, write_network
    from lead_engine.synthetic.truth import FILE

    network = Network(people, seed, form)
    spark = None
    if people > LOCAL or form is Form.CORE:
        from lead_engine.lake.session import start

        spark = start(profile)
    note(f"inventing {people:,} people under {out}")
    write_network(out, network, spark, replace)
    if form is Form.CORE:
        say(f"core tables: {out / 'lake'}")
        return
    remember(out / CONFIG)
    say(f"run it: lead-engine run {out / CONFIG}")
    say(f"what every stage must answer: {out / FILE}")
