"""Sets of months of one year as whole numbers, 1 for January, 2 for February, 4 for March: one row a year, not twelve.

Sums of bits are plain arithmetic, which Spark compiles; arrays of months are gone through item by item, many times slower.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

from lead_engine.foundation.months import MONTHS_OF_A_YEAR

WHOLE_YEAR = (1 << MONTHS_OF_A_YEAR) - 1  # a set of all months


def set_of(month: Column) -> Column:
    """The set that holds one month, given as a date."""
    return F.call_function("shiftleft", F.lit(1), F.month(month) - 1)


def as_set(month: Column) -> Column:
    """An aggregate: the months of one year as a set."""
    return F.bit_or(set_of(month)).cast("int")


def is_in(month_set: Column, month: Column) -> Column:
    """Whether a month, a date, is in a set of months of its year."""
    return F.getbit(month_set.cast("bigint"), F.month(month) - 1) == 1


def months_in(*sets: Column) -> Column:
    """How many months are in all of the sets."""
    both = sets[0]
    for each in sets[1:]:
        both = both.bitwiseAND(each)
    return F.bit_count(both)


def without(month_set: Column, others: Column) -> Column:
    """The months of a set that are not in the other."""
    return month_set.bitwiseAND(F.bitwise_not(others))


def from_month(month_set: Column, month: Column) -> Column:
    """The months of a set from a month on, a date."""
    return month_set.bitwiseAND(-set_of(month))


def before_month(month_set: Column, month: Column) -> Column:
    """The months of a set before a month, a date."""
    return month_set.bitwiseAND(set_of(month) - 1)


def first_of(month_set: Column, year: Column) -> Column:
    """The earliest month of a set as a date of a year; empty of an empty set."""
    lower = month_set.bitwiseAND(-month_set) - 1  # a bit for every month before it
    return F.when(month_set != 0, F.make_date(year, F.bit_count(lower) + 1, F.lit(1)))


def last_of(month_set: Column, year: Column) -> Column:
    """The latest month of a set as a date of a year; empty of an empty set."""
    return F.when(month_set != 0, F.make_date(year, F.length(F.bin(month_set.cast("bigint"))), F.lit(1)))
