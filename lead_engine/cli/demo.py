"""`lead-engine demo`: invent a network, run every stage on it, show what comes out."""

from pathlib import Path
from typing import Annotated

import typer

from .show import note, remember, say

NAME = "demo"
PEOPLE, SEED = 2000, 1
FOLDER = Path("demo")


def command(
    out: Annotated[Path, typer.Option(help="Folder for the network, its lake and its page.")] = FOLDER,
    people: Annotated[int, typer.Option(min=100, max=20_000, help="How many people to invent.")] = PEOPLE,
) -> None:
    """Invent people, practices, three ACOs and six years of claims; load, score, align; open with a summary.

    A demo that is there is run again: nothing changes, and nothing is computed twice.
    """
    from lead_engine.pipeline.config import read_config
    from lead_engine.pipeline.plan import Choice
    from lead_engine.synthetic.lists import CONFIG
    from lead_engine.synthetic.network import Network, write_network
    from lead_engine.synthetic.practices import STORIES

    from .run import go, summary, tell

    note(f"inventing {people:,} people under {out}")
    write_network(out, Network(people, SEED, has_marked=False))
    config = out / CONFIG
    done, report, pages = go(read_config(config), "small", Choice())
    remember(config)
    summary(done, report)
    for aco in STORIES:
        say(f"{aco.aco_id} {aco.name} is {aco.story}.")
    tell(pages)
    say("Why is one of them aligned to whom?  lead-engine explain alignment 1S000000027 --year 2027")
    say("How does an ACO come to its risk ratio?  lead-engine explain benchmark L0001")
