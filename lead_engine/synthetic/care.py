"""All care of a block of people: every kind of it, corrections, numbers."""

from dataclasses import replace

import numpy as np

from . import episodes
from .beds import in_bed
from .billing import Block
from .claims import Care, numbered
from .people import People
from .plan import NO_DAY, later, rows, share, word
from .practices import World
from .stays import stays
from .visits import dialysis, nursing, treatment, visits

HOSPITAL = "21"  # place of service
EPISODES = 100  # the first subject of chance of the table of episodes


def care_of(people: People, world: World, seed: int) -> Care:
    """All care of a block of people, numbered within each person by day."""
    block = Block(people, world, seed)
    covered = block.covered()
    part_b = covered & people.has_part_b[:, None]
    parts = [visits(block, row, part_b, subject) for subject, row in enumerate(rows("synthetic/care"), 10)]
    parts += [nursing(block, part_b), dialysis(block, part_b), treatment(block, part_b), *stays(block, covered)]
    care = _outside(_together(parts))
    care = _outside(_together([care, *episodes.services(block, care, part_b, EPISODES)]))
    return numbered(_recoded(_corrected(block, care)))


def _together(parts: list[Care]) -> Care:
    """All care that there is."""
    return Care.stack([part for part in parts if len(part.claims)])


def _outside(care: Care) -> Care:
    """Nobody goes anywhere while lying in a hospital; who comes to the bed bills for a service there."""
    at_bed = np.zeros(len(care.claims), bool)
    at_bed[care.lines.claim[care.lines.place == word(HOSPITAL)]] = True
    return care.some(at_bed | ~in_bed(care.claims))


def _corrected(block: Block, care: Care) -> Care:
    """Some claims are cancelled weeks later, most of those billed again for less."""
    chance, count = block.chance(6), len(care.claims)
    cancelled = chance.happens(share("corrected"), count)
    known = np.where(cancelled, later(care.claims.known, 7 * (3 + chance.below(20, count))), NO_DAY)
    again = cancelled & chance.happens(share("adjusted"), count)
    return Care(replace(care.claims, cancelled=known, is_adjusted=again), care.lines)


def _recoded(care: Care) -> Care:
    """A claim that ends when another code has taken the place of one carries the other (table of codes)."""
    claims = care.claims
    for row in rows("synthetic/recoded"):
        old, new, is_new = word(row["code"]), word(row["new_code"]), claims.last >= np.datetime64(row["first_day"])
        drg = np.where((claims.drg == old) & is_new, new, claims.drg)
        diagnoses = np.where((claims.diagnoses == old) & is_new[:, None], new, claims.diagnoses)
        claims = replace(claims, drg=drg, diagnoses=diagnoses)
    return replace(care, claims=claims)
