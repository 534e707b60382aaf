"""The people of the invented network: who they are, how they are enrolled, how ill they are, where they go."""

from dataclasses import dataclass, fields

import numpy as np

from .chance import MILLION, Chance
from .plan import FIRST_DAY, MONTHS, NEVER, NO_DAY, Days, Flags, Whole, counties, later, month_of, numbers, rows, share
from .practices import HOMES, World

DUAL = np.array(["NA", "01", "02"])  # none, partial, full
AGED, DISABLED, AGED_ESRD, DISABLED_ESRD = "10", "20", "11", "21"
YOUNGEST_DISABLED, OLDEST_DISABLED, DAYS_OF_A_YEAR = 30, 62, 365.25
AGES = (65, 70, 75, 80, 85)  # where the bands of the table of conditions begin; before them who is disabled
MIDDLE = FIRST_DAY[MONTHS // 2]  # a condition is had throughout, so its chance is that of the age then
MALE, FEMALE = "1", "2"


@dataclass(frozen=True)
class People:
    """Invented beneficiaries, an array each; months count from the first of the calendar, NEVER is later than all."""

    number: Whole
    birth: Days
    is_female: Flags
    is_disabled: Flags
    death: Days
    entitled: Whole  # first month in Medicare
    has_part_b: Flags
    dual: Whole  # 0 none, 1 partial, 2 full
    esrd: Whole  # first month with ESRD status
    graft: Whole  # month of a kidney transplant
    long_term: Flags  # lives in a nursing facility
    advantage_from: Whole
    advantage_to: Whole
    secondary_from: Whole  # month from which another payer comes before Medicare; nobody but marked people
    home: Whole  # practice where primary care is sought
    next_home: Whole  # and from `moves` on
    moves: Whole
    county: Whole
    next_county: Whole  # and from `relocates` on
    relocates: Whole
    changes_mbi: Whole  # month from which a new Medicare number holds
    frailty: Whole  # how much more care than average, in thousandths
    conditions: Flags  # people by condition

    def __len__(self) -> int:
        return len(self.number)

    def take(self, chosen: Flags | Whole) -> "People":
        """Some of them."""
        return People(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})

    def alive(self) -> Flags:
        """Whether each is alive on the first of each month."""
        return self.death[:, None] >= FIRST_DAY[None, :MONTHS]

    def enrolled(self) -> Flags:
        """Whether each is alive and in Medicare in each month."""
        return self.alive() & (np.arange(MONTHS) >= self.entitled[:, None])

    def in_advantage(self) -> Flags:
        """Whether each month is one in Medicare Advantage."""
        months = np.arange(MONTHS)
        return (months >= self.advantage_from[:, None]) & (months <= self.advantage_to[:, None])

    def homes(self, people: Whole, months: Whole) -> Whole:
        """Where some of them seek primary care in a month each."""
        return np.where(months >= self.moves[people], self.next_home[people], self.home[people])

    def counties(self, people: Whole, months: Whole) -> Whole:
        """Where some of them live in a month each; arrays of any shapes that go together."""
        return np.where(months >= self.relocates[people], self.next_county[people], self.county[people])


def invent(first: int, count: int, seed: int, world: World) -> People:
    """A block of people, the same for the same seed and numbers whatever else is invented."""
    chance = Chance(seed, first, 1)
    disabled = chance.happens(share("disabled"), count)
    birth = _births(chance, disabled)
    home, next_home = world.homes(chance, count), world.homes(chance, count)
    frailty, county = world.frailty[home], world.counties[home]
    months = {
        name: np.where(chance.happens(share(name), count), chance.below(MONTHS, count), NEVER)
        for name in ("moves_practice", "moves_county", "changes_mbi")
    }
    entitled = np.where(disabled, 0, np.maximum(0, month_of(_birthday(birth, 65))))
    has_esrd, esrd_since = chance.happens(share("esrd"), count), chance.below(MONTHS, count)
    esrd = np.where(has_esrd, np.maximum(entitled, np.where(chance.happens(MILLION // 2, count), 0, esrd_since)), NEVER)
    grafted = chance.happens(share("transplant"), (count, MONTHS)) & (np.arange(MONTHS) > esrd[:, None])
    full, partial = (chance.happens(share(name), count) for name in ("full_dual", "partial_dual"))
    since, spell = chance.below(MONTHS, count), chance.below(12, count)
    has_spell, is_female = chance.happens(share("advantage_spell"), count), chance.happens(share("female"), count)
    death = _after_entitlement(_deaths(chance, birth, frailty), entitled)
    has_part_b = ~chance.happens(share("part_a_only"), count)  # Medicaid pays for Part B, and a health plan asks for it
    since = np.where(has_spell & has_part_b, np.maximum(since, entitled), NEVER)
    return People(
        number=np.arange(first, first + count),
        birth=birth,
        is_female=is_female,
        is_disabled=disabled,
        death=death,
        entitled=entitled,
        has_part_b=has_part_b,
        dual=np.where(has_part_b, np.where(full, 2, np.where(partial, 1, 0)), 0),
        esrd=esrd,
        graft=np.where(grafted.any(axis=1), grafted.argmax(axis=1), NEVER),
        long_term=chance.happens(share("long_term") * frailty // 1000, count),
        advantage_from=since,
        advantage_to=since + spell,
        secondary_from=np.full(count, NEVER),
        home=home,
        next_home=next_home,
        moves=months["moves_practice"],
        county=county,
        next_county=chance.below(len(counties()), count),
        relocates=months["moves_county"],
        changes_mbi=_in_medicare(months["changes_mbi"], entitled, death),
        frailty=frailty,
        conditions=_conditions(chance, age_bands(birth, disabled), is_female, frailty),
    )


def _in_medicare(month: Whole, entitled: Whole, death: Days) -> Whole:
    """A month of each that falls into their time in Medicare; else NEVER."""
    return np.where((month > entitled) & (FIRST_DAY[np.minimum(month, MONTHS)] <= death), month, NEVER)


def _births(chance: Chance, disabled: Flags) -> Days:
    """By the table of ages; who is disabled is younger."""
    count = len(disabled)
    starts = numbers("synthetic/ages", "from_age")
    band = chance.choice(numbers("synthetic/ages", "weight"), count)
    widths = np.diff([*starts, starts[-1] + 4])
    aged = starts[band] + chance.below(widths[band], count)
    young = YOUNGEST_DISABLED + chance.below(OLDEST_DISABLED - YOUNGEST_DISABLED, count)
    years = np.where(disabled, young, aged)
    return later(FIRST_DAY[:1], -(years * DAYS_OF_A_YEAR).astype(np.int64) - chance.below(364, count))


def _birthday(birth: Days, age: int) -> Days:
    return (birth.astype("datetime64[M]") + np.timedelta64(12 * age, "M")).astype("datetime64[D]")


def _deaths(chance: Chance, birth: Days, frailty: Whole) -> Days:
    """A chance in each month by the age then; the day within it by chance."""
    count = len(birth)
    age = (FIRST_DAY[None, :MONTHS] - birth[:, None]).astype(np.int64) // 365
    band = np.searchsorted(numbers("synthetic/ages", "from_age"), age, side="right") - 1
    yearly = numbers("synthetic/ages", "yearly_death_ppm")[np.maximum(band, 0)]
    dies = chance.happens(yearly * frailty[:, None] // 12_000, (count, MONTHS))
    month = dies.argmax(axis=1)
    return np.where(dies.any(axis=1), day_in(chance, month), NO_DAY)


def day_in(chance: Chance, months: Whole) -> Days:
    """A day of each month by chance."""
    lengths = (FIRST_DAY[months + 1] - FIRST_DAY[months]).astype(np.int64)
    return later(FIRST_DAY[months], chance.below(lengths, len(months)))


def _after_entitlement(death: Days, entitled: Whole) -> Days:
    """Nobody dies before Medicare: everybody of the network is enrolled for a month at least."""
    return np.where(death < FIRST_DAY[entitled], NO_DAY, death)


def age_bands(birth: Days, disabled: Flags) -> Whole:
    """The band of the table of conditions that each belongs to: 0 who is disabled, then by the age of the middle."""
    age = (MIDDLE - birth).astype(np.int64) / DAYS_OF_A_YEAR
    return np.where(disabled, 0, np.maximum(1, np.searchsorted(AGES, age, side="right")))


def _conditions(chance: Chance, band: Whole, is_female: Flags, frailty: Whole) -> Flags:
    """By the table of conditions, each on its own; the frail have more, up to 19 in 20 of any."""
    columns = ["under_65_ppm", *(f"from_{age}_ppm" for age in AGES)]
    shares = np.stack([numbers("synthetic/conditions", name) for name in columns])[band]
    sexes = np.array([row["sex_code"] for row in rows("synthetic/conditions")])
    can = ~np.where(is_female[:, None], sexes == MALE, sexes == FEMALE)
    return can & chance.happens(np.minimum(19 * MILLION // 20, shares * frailty[:, None] // 1000), shares.shape)


def status_codes(people: People) -> np.ndarray:
    """Medicare status of each in each month."""
    esrd = np.arange(MONTHS) >= people.esrd[:, None]
    aged = FIRST_DAY[None, :MONTHS] >= _birthday(people.birth, 65).astype("datetime64[M]")[:, None]
    disabled = people.is_disabled[:, None] & ~aged
    return np.where(esrd, np.where(disabled, DISABLED_ESRD, AGED_ESRD), np.where(disabled, DISABLED, AGED))


def is_home(world: World, kind: str) -> Flags:
    """By practice number: whether it is a place of primary care of a kind."""
    return (world.kinds == kind) & np.isin(world.kinds, HOMES)
