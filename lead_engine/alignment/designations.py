"""What a beneficiary's choices say: which hold, which decides in a month, and what CMS answers to a signed one.

Plain Python on plain values; the reviewer's page. The same rules over whole tables stand in `choices.py` and
`responses.py`. A choice is a designation on Medicare.gov (MVA) or a signed attestation (SVA).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lead_engine.foundation.months import EARLIEST, LATEST, add_months

from .choice_rules import ChoiceRules

MVA, SVA = "MVA", "SVA"


class Void(StrEnum):
    """Why a choice never holds, in the order in which it is told (ALN-36)."""

    UNKNOWN_PERSON = "UNKNOWN_PERSON"
    NO_SIGNATURE = "NO_SIGNATURE"
    SIGNED_AFTER_SUBMISSION = "SIGNED_AFTER_SUBMISSION"
    EXPIRED = "EXPIRED"
    NO_CLINICIAN = "NO_CLINICIAN"  # TIN or NPI missing
    NOT_LISTED = "NOT_LISTED"  # the TIN is no Participant of the ACO, a Preferred Provider's included
    NOT_BILLING = "NOT_BILLING"  # the clinician never billed under the TIN
    OUTSIDE_PARTICIPATION = "OUTSIDE_PARTICIPATION"  # signed before the TIN's first day, or after its last


class Passed(StrEnum):
    """Why a choice that holds has no effect, or no answer yet; by the month whose run sees it first."""

    WITHDRAWN = "WITHDRAWN"  # revoked, or opted out of the carry-over, before that run
    NOT_PARTICIPATING = "NOT_PARTICIPATING"  # the TIN is not on the list on the first of that month
    SAME_ACO = "SAME_ACO"  # another attestation to the same ACO goes before it
    LATER_ELSEWHERE = "LATER_ELSEWHERE"  # another choice, of someone outside the ACO, goes before it
    OUTSIDE = "OUTSIDE"  # a designation of someone outside every ACO: it voids earlier choices and aligns to nobody
    LOST = "LOST"  # aligned earlier in the year and lost it: stays out
    ALIGNED_ELSEWHERE = "ALIGNED_ELSEWHERE"
    NOT_EVALUATED = "NOT_EVALUATED"  # no enrolment data for that month
    NEXT_YEAR = "NEXT_YEAR"  # known after the last cut-off of the year


CODES: Mapping[str, str] = {  # response codes of alignment/sva_response_codes (ALN-35); E1 is no answer of LEAD
    Void.UNKNOWN_PERSON: "V0",
    Void.NO_SIGNATURE: "V1",
    Void.SIGNED_AFTER_SUBMISSION: "V1",
    Void.EXPIRED: "V1",
    Void.OUTSIDE_PARTICIPATION: "V1",
    Void.NO_CLINICIAN: "V2",
    Void.NOT_LISTED: "V2",
    Void.NOT_BILLING: "V2",
    Passed.NOT_PARTICIPATING: "V2",
    Passed.SAME_ACO: "P0",
    Passed.LATER_ELSEWHERE: "P1",
    Passed.ALIGNED_ELSEWHERE: "P2",
    Passed.LOST: "A2",
    "OVERLAP": "P2",
    "DEAD": "E0",
    "NOT_A_AND_B": "E2",
    "MA": "E3",
    "SERVICE_AREA": "E4",
    "NON_US": "E5",
}
NEW, ALREADY = "A0", "A1"


class Choice(NamedTuple):
    """A row of the list, as it was given."""

    number: str
    channel: str
    is_known: bool  # whether the person is
    aco_id: str | None  # None: a clinician outside every ACO of the run
    tin: str | None
    npi: str | None
    signed: date | None
    submitted: date | None
    is_carried: bool = False  # from ACO REACH
    opted_out: date | None = None
    revoked: date | None = None


class Listing(NamedTuple):
    """A TIN on the Participant list, for a period."""

    aco_id: str
    start: date | None
    end: date | None


class Standing(NamedTuple):
    """A choice once it was held against the list and the rules."""

    number: str
    channel: str
    aco_id: str | None  # None: outside
    signed: date | None
    known: date | None  # day held against the cut-offs
    void: Void | None
    withdrawn: date | None  # first day it no longer stands
    listed_from: date
    listed_to: date
    is_carried: bool

    def holds(self, month: date, rules: ChoiceRules) -> bool:
        """Whether it is one of those that may decide a month: known, not void, not withdrawn, its TIN on the list."""
        is_seen = self.known is not None and self.known <= rules.cutoff(month)
        return self.void is None and is_seen and self.stands(month, rules)

    def stands(self, month: date, rules: ChoiceRules) -> bool:
        """Whether it is not withdrawn by the month's cut-off and its TIN is on the list on its first day."""
        return not self.is_withdrawn(month, rules) and self.listed_from <= month <= self.listed_to

    def is_withdrawn(self, month: date, rules: ChoiceRules) -> bool:
        """Whether it was taken back by the month's cut-off."""
        return self.withdrawn is not None and self.withdrawn <= rules.cutoff(month)

    @property
    def place(self) -> tuple[int, bool, int, str]:
        """Its place among others: latest signature, then MVA, then known first, then lowest number (ALN-38)."""
        return (
            -(self.signed or EARLIEST).toordinal(),
            self.channel != MVA,
            (self.known or LATEST).toordinal(),
            self.number,
        )


def listing_of(choice: Choice, periods: Sequence[Listing]) -> Listing | None:
    """The period of a TIN by which a choice is judged: the last begun when it was signed, else the first (ALN-36).

    So a choice ends when the TIN leaves, and does not come back with it; one carried from REACH goes by the last period.
    """
    in_order = sorted(periods, key=lambda each: each.start or EARLIEST)
    signed = LATEST if choice.is_carried else choice.signed or EARLIEST
    begun = [each for each in in_order if (each.start or EARLIEST) <= signed]
    return next(iter(begun[-1:] or in_order), None)


def standing(choice: Choice, listing: Listing | None, is_billing: bool, rules: ChoiceRules) -> Standing:
    """Holds a choice against the Participant list and the rules (ALN-36, ALN-37).

    `listing`: of the TIN it names; `is_billing`: whether its clinician billed under that TIN. A designation whose TIN is
    not its ACO's is one outside every ACO: it voids earlier ones, and aligns to nobody.
    """
    of_aco = listing if listing is not None and listing.aco_id == choice.aco_id else None
    is_outside = choice.aco_id is None or (choice.channel == MVA and choice.tin is not None and of_aco is None)
    withdrawn = [day for day in (choice.revoked, choice.opted_out) if day is not None]
    held_to = None if is_outside else of_aco
    return Standing(
        number=choice.number,
        channel=choice.channel,
        aco_id=None if is_outside else choice.aco_id,
        signed=choice.signed,
        known=_known(choice, rules),
        void=_void(choice, of_aco, is_billing, rules),
        withdrawn=min(withdrawn, default=None),
        listed_from=(held_to and held_to.start) or EARLIEST,
        listed_to=(held_to and held_to.end) or LATEST,
        is_carried=choice.is_carried,
    )


def _known(choice: Choice, rules: ChoiceRules) -> date | None:
    """The day a choice is known by: that of its submission, or that of its signature (ALN-42)."""
    days = [day for day in (choice.signed, choice.submitted) if day is not None]
    if rules.is_known_by_submission or choice.signed is None:
        return max(days, default=None)
    return choice.signed


def _void(choice: Choice, listing: Listing | None, is_billing: bool, rules: ChoiceRules) -> Void | None:
    """Why a choice never holds; None where it does (ALN-36). A designation comes from CMS, which knows its clinicians."""
    if not choice.is_known:
        return Void.UNKNOWN_PERSON
    if choice.signed is None:
        return Void.NO_SIGNATURE
    if choice.channel == MVA:
        return None
    if choice.submitted is not None and choice.signed > choice.submitted:
        return Void.SIGNED_AFTER_SUBMISSION
    if choice.signed.year + rules.sva_valid_years <= rules.performance_year:
        return Void.EXPIRED
    if choice.tin is None or choice.npi is None:
        return Void.NO_CLINICIAN
    if listing is None:
        return Void.NOT_LISTED
    if rules.clinician_must_bill and not is_billing:
        return Void.NOT_BILLING
    is_early = rules.window_has_start and not choice.is_carried and choice.signed < (listing.start or EARLIEST)
    if is_early or choice.signed > (listing.end or LATEST):
        return Void.OUTSIDE_PARTICIPATION
    return None


def decider(standings: Iterable[Standing], month: date, rules: ChoiceRules) -> Standing | None:
    """The choice that decides a month, the latest of those that hold, of whatever ACO; None: nobody chose (ALN-38, ALN-42)."""
    return min((each for each in standings if each.holds(month, rules)), key=lambda each: each.place, default=None)


def first_month(
    standings: Iterable[Standing], aco_id: str, first_year: int, is_hybrid: bool, rules: ChoiceRules
) -> date:
    """From when the ACO has been chosen by the person, by all choices given, expired ones too (ALN-40).

    The first month of a run of the ACO that saw one of them, not before its first performance year; with
    `tenure_counts_reach` a carried choice counts from the January after its signature. LATEST where there is none.
    """
    counted = [each for each in standings if each.aco_id == aco_id and each.void in (None, Void.EXPIRED)]
    starts = [_effective(each, first_year, is_hybrid, rules) for each in counted if each.known is not None]
    return min(starts, default=LATEST)


def _effective(each: Standing, first_year: int, is_hybrid: bool, rules: ChoiceRules) -> date:
    if rules.tenure_counts_reach and each.is_carried and each.signed is not None:
        return date(each.signed.year + 1, 1, 1)
    known = each.known or LATEST
    month = add_months(known, 1 if known.day <= rules.cutoff_day else 2)
    if month.month > 1:
        refreshed = month.replace(month=max(month.month, rules.first_refresh_month))
        month = refreshed if is_hybrid else date(month.year + 1, 1, 1)
    return max(month, date(first_year, 1, 1))


class Seen(NamedTuple):
    """What the run of a month knows of the person, for the ACO of a choice."""

    is_evaluated: bool
    reason: str | None  # why the month is not eligible for that ACO
    is_dead: bool  # before the month
    aligned_to: str | None  # the ACO the person is aligned to in the year
    aligned_from: date | None
    lost_after: date | None  # the last aligned month, where alignment ended
    by_claims: bool


def response(
    own: Standing, others: Iterable[Standing], seen: Seen | None, month: date | None, rules: ChoiceRules
) -> tuple[str | None, str | None]:
    """What CMS answers to a signed attestation, and why (ALN-35); to a designation nothing, but the reason is told.

    `month`: whose run sees it first; `seen`: of that month, None where the person is not known.

    The first that holds: it never holds (V), it was withdrawn, another goes before it (P0, P1), the person died (E0), lost
    alignment earlier in the year (A2), is aligned elsewhere (P2), is not eligible (E, P2), else it is accepted.
    """
    why = own.void or _passed_by(own, others, month, rules) or _not_open(own, seen, month)
    is_signed = own.channel == SVA
    if why is not None or seen is None or month is None:
        return (CODES.get(why) if is_signed and why else None), why and str(why)
    is_ours = seen.aligned_to == own.aco_id and seen.aligned_from is not None
    is_before = is_ours and seen.aligned_from is not None and seen.aligned_from < month
    accepted = ALREADY if is_before or (is_ours and seen.by_claims) else NEW
    return (accepted if is_signed else None), None


def _passed_by(own: Standing, others: Iterable[Standing], month: date | None, rules: ChoiceRules) -> str | None:
    if month is None:
        return Passed.NEXT_YEAR
    if own.is_withdrawn(month, rules):
        return Passed.WITHDRAWN
    if not own.stands(month, rules):
        return Passed.NOT_PARTICIPATING
    ahead = [each for each in others if each.holds(month, rules) and each.place < own.place]
    if any(each.aco_id == own.aco_id and each.channel == SVA for each in ahead):
        return Passed.SAME_ACO
    if any(each.aco_id != own.aco_id for each in ahead):
        return Passed.LATER_ELSEWHERE
    return Passed.OUTSIDE if own.aco_id is None else None


def _not_open(own: Standing, seen: Seen | None, month: date | None) -> str | None:
    if seen is None or month is None:
        return Passed.NOT_EVALUATED
    if seen.is_dead or seen.reason == "DEAD":
        return "DEAD"
    is_aligned = seen.aligned_from is not None and seen.aligned_from < month
    if is_aligned and seen.lost_after is not None and seen.lost_after < month:
        return Passed.LOST
    if is_aligned and seen.aligned_to != own.aco_id:
        return Passed.ALIGNED_ELSEWHERE
    if not seen.is_evaluated:
        return Passed.NOT_EVALUATED
    return seen.reason
