"""County rates as published: the rate book that takes the place of one computed from claims."""

from typing import Annotated

from pydantic import Field

from lead_engine.sources.participants import Empty

from .contract import InputList, InputRow, one_for_each
from .fields import Category, County, Day, Name, Rate, Ratio, Year


class CountyRate(InputRow):
    """The rate of one county and category for a performance year."""

    performance_year: Year = Field(description="performance year the rate is for")
    category: Category = Field(description="category the rate is for: aged and disabled, ESRD, High Needs")
    county_code: County = Field(description="SSA state and county code of residence")
    rate_pbpm_usd: Rate = Field(description="dollars for one person and month at a risk score of 1.000")
    gaf_trend: Annotated[Ratio | None, Empty] = Field(
        description="trend of the geographic adjustment factor from base year to performance year, where published"
    )
    book_version: Name = Field(description="the publisher's name of the rate book")
    published_date: Day = Field(description="day the rate book was published")


COUNTY_RATES = InputList(
    name="county_rates",
    row=CountyRate,
    about="Published county rates. A rate that is given goes before one the engine computes. ESRD rates published by "
    "state are given once for each of its counties.",
    key=("performance_year", "category", "county_code"),
    read_by="benchmark (rate book)",
    own_checks=(
        one_for_each(
            ("book_version", "published_date"),
            ("performance_year", "category"),
            "rates of two rate books cannot stand side by side",
            "the same performance_year and category",
        ),
    ),
    example_rows="""2032,AD,36170,1112.36,1.025,Rate book 1.0,2031-04-01
2032,AD,36480,1081.35,0.965,Rate book 1.0,2031-04-01
2032,ESRD,36170,8735.2313,,Rate book 1.0,2031-04-01
""",
)
