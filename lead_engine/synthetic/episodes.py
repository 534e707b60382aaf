"""What goes before and after an episode's trigger: the surgeon's line, tests, therapy, visits, complications.

A stay triggers by its DRG, an outpatient procedure or emergency visit by its service. Every measure's triggers and services
stand in the table of episodes. Chronic conditions need nothing of their own: they are visits with their diagnosis.
"""

import numpy as np

from .beds import begins
from .billing import Block, Order, claims_of, with_lines
from .claims import Care, Claims
from .plan import FIRST_CARE, FIRST_DAY, MONTHS, Days, Flags, Whole, later, month_of, rows, word
from .practices import Kind

TABLE = "synthetic/episodes"


def services(block: Block, care: Care, may: Flags, subject: int) -> list[Care]:
    """The services of all episodes that the care so far triggers, of people alive and in Part B on the day.

    A row of the table sees what the rows above it brought: an emergency after a knee replacement has its clinician too.
    """
    found: list[Care] = []
    for place, row in enumerate(rows(TABLE)):
        found.append(_of(block, [care, *found], row, may, subject + place))
    return found


def _of(block: Block, so_far: list[Care], row: dict[str, str], may: Flags, subject: int) -> Care:
    """One row of the table: of those with the trigger some, each on a day within its span."""
    chance = block.chance(subject)
    trigger = word(row["trigger_code"])
    triggers = Claims.stack([_triggers(care, trigger) for care in so_far])
    least, most = int(row["least_day"]), int(row["most_day"])
    day = later(triggers.first, least + chance.below(most - least + 1, len(triggers)))
    chosen = chance.happens(int(row["share_ppm"]), len(triggers)) & _is_covered(block, triggers.person, day, may)
    day, triggers = day[chosen], triggers.take(chosen)
    count = len(triggers)
    principal = np.full(count, word(row["icd10_code"])) if row["icd10_code"] else triggers.diagnoses[:, 0]
    order = Order("", row["file"], row["claim_type"], row["bill_type"], row["revenue_center"])
    practice = block.someone(chance, Kind(row["billed_by"]), count)
    claims = claims_of(block, chance, order, triggers.person, day, day, practice, principal)
    hcpcs, place, specialty = (
        np.full(count, word(row[name])) for name in ("hcpcs_code", "place_of_service", "specialty")
    )
    price, every = np.full(count, int(row["price_cents"])), np.arange(count)
    return with_lines(block, chance, order, claims, every, np.ones(count, np.int64), hcpcs, price, place, specialty)


def _triggers(care: Care, code: int) -> Claims:
    """The claims that trigger: stays by DRG, once in however many hospitals or bills; outpatient care by its first service."""
    is_first = (care.lines.number == 1) & (care.lines.hcpcs == code)
    has_service = np.zeros(len(care.claims), bool)
    has_service[care.lines.claim[is_first]] = True
    is_outpatient = care.claims.is_of("outpatient")
    return care.claims.take((begins(care.claims) & (care.claims.drg == code)) | (is_outpatient & has_service))


def _is_covered(block: Block, people: Whole, day: Days, may: Flags) -> Flags:
    """Whether somebody is alive and covered on a day for which there are claims."""
    inside = (day >= FIRST_DAY[FIRST_CARE]) & (day < FIRST_DAY[MONTHS])
    months = np.clip(month_of(day), 0, MONTHS - 1)
    return inside & may[people, months] & (day <= block.people.death[people])
