"""`lead-engine review`: the page an actuary signs for what was loaded."""

from lead_engine.foundation.errors import LakeError, Problem

from .show import ConfigOption, ProfileOption, meant, say

NAME = "review"


def command(config: ConfigOption = None, profile: ProfileOption = "local") -> None:
    """Write the data review of a lake beside its configuration: deliveries, months, run-out, missing codes, what to look at."""
    from lead_engine.lake.session import start
    from lead_engine.lake.store import Lake
    from lead_engine.marts.review.page import TABLES, page_path, read_review, write_review
    from lead_engine.pipeline.config import open_config

    named = meant(config)
    opened = open_config(named)
    review = read_review(Lake(start(profile), opened.lake), opened.resolved)
    if review is None:
        remedy = f"`lead-engine run {named}` writes them"
        raise LakeError(Problem(f"the lake {opened.lake}", f"lacks one of {', '.join(TABLES)}", remedy=remedy))
    page = write_review(review, page_path(named, opened.settings.performance_year))
    say(f"{len(review.flagged())} months are flagged, {len(review.refused())} kinds of records were refused")
    say(f"Review: {page}")
