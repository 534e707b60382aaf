"""The given people of Ohio, run once from RIF and once from CCLF."""

import pytest

from lead_engine.pipeline.run import Run
from tests.golden.files import CCLF, RIF, ohio


@pytest.fixture(scope="session")
def rif_run(spark, sample_data, tmp_path_factory) -> Run:
    """All people, from RIF."""
    made = Run(ohio(tmp_path_factory.mktemp("ohio"), sample_data, RIF), spark)
    made.go()
    return made


@pytest.fixture(scope="session")
def cclf_run(spark, sample_data, tmp_path_factory) -> Run:
    """The people of one ACO, from CCLF."""
    made = Run(ohio(tmp_path_factory.mktemp("cclf"), sample_data, CCLF), spark)
    made.go()
    return made
