"""Care outside the hospital: visits, tests and equipment, nursing facilities, dialysis, the treatment of conditions."""

import numpy as np

from .billing import COINSURANCE, Block, Order, billed, services
from .chance import MILLION
from .claims import Care
from .people import is_home
from .plan import KIDNEY_FAILURE, MONTHS, NONE, Flags, codes, numbers, share, word
from .practices import Kind

SESSIONS_OF_A_MONTH = 13  # of dialysis, three a week
DRUGS = "0636"  # revenue centre; what treats a condition is billed as a drug without a code of its own


def visits(block: Block, row: dict[str, str], may: Flags, subject: int) -> Care:
    """One row of the table of care: who goes in which month, to whom, for what."""
    chance = block.chance(subject)
    rate = int(row["month_ppm"]) * block.people.frailty[:, None] // 1000 * block.practice // 1000
    people, months = np.nonzero(chance.happens(rate, may.shape) & may)
    billed_by = row["billed_by"].removeprefix("HOME_")
    if billed_by != row["billed_by"]:
        practice = block.people.homes(people, months)
        here = is_home(block.world, billed_by)[practice]
        people, months, practice = people[here], months[here], practice[here]
    else:
        practice = block.someone(chance, Kind(billed_by), len(people))
    specialties = np.array([word(code) for code in row["specialties"].split()] or [NONE])
    return billed(
        block,
        chance,
        Order(row["kind"], row["file"], row["claim_type"], row["bill_type"], row["revenue_center"], row["more_kind"]),
        people,
        months,
        practice,
        specialties[chance.below(len(specialties), len(people))],
        int(row["more_lines_ppm"]),
    )


def nursing(block: Block, may: Flags) -> Care:
    """Monthly visits to people who live in a nursing facility, by their own clinician's group."""
    chance = block.chance(2)
    people, months = np.nonzero(may & block.people.long_term[:, None])
    groups = block.world.numbers_of(Kind.GROUP)
    practice = groups[(block.people.number[people] * 7 + block.people.home[people]) % len(groups)]
    return billed(
        block, chance, Order("NURSING", "carrier", "71"), people, months, practice, np.full(len(people), word("11")), 0
    )


def dialysis(block: Block, may: Flags) -> Care:
    """Weekly sessions billed by the month, from ESRD to a transplant."""
    chance = block.chance(3)
    months = np.arange(MONTHS)
    on = (months >= block.people.esrd[:, None]) & (months < block.people.graft[:, None])
    people, at = np.nonzero(may & on)
    practice, none = block.someone(chance, Kind.HOSPITAL, len(people)), np.full(len(people), NONE)
    order = Order("DIALYSIS", "outpatient", "40", "72", "0821")
    price = services(order.kind).price[0]
    paid = np.full(len(people), SESSIONS_OF_A_MONTH * (price - price // COINSURANCE))
    why = np.full(len(people), word(KIDNEY_FAILURE))
    return billed(block, chance, order, people, at, practice, none, 0, paid, why)


def treatment(block: Block, may: Flags) -> Care:
    """Treatment of each condition: what it costs in a month is the known coefficient, on average (table of conditions)."""
    chance = block.chance(4)
    monthly = numbers("synthetic/conditions", "monthly_cents")
    treated = chance.happens(share("treated"), (*may.shape, len(monthly)))
    people, months, condition = np.nonzero(
        treated & may[:, :, None] & (block.people.conditions & (monthly > 0))[:, None, :]
    )
    drawn = chance.choice(numbers("synthetic/skew", "weight"), len(people))
    skew = numbers("synthetic/skew", "cost_thousandths")[drawn]
    cents = monthly[condition] * (MILLION // share("treated")) * skew // 1000
    practice, none = block.someone(chance, Kind.HOSPITAL, len(people)), np.full(len(people), NONE)
    order = Order("TREATMENT", "outpatient", "40", "13", DRUGS)
    why = codes("synthetic/conditions", "icd10_code")[condition]
    return billed(block, chance, order, people, months, practice, none, 0, cents, why)
