"""Frames as a later stage finds them: read from a table, with nothing left of how they were made."""

from pyspark.sql import DataFrame


def held(frame: DataFrame) -> DataFrame:
    """The frame's rows as a table of their own. A cached frame would carry its plan into every plan that reads it."""
    return frame.sparkSession.createDataFrame(frame.toArrow())
