"""Where files can lie."""

import pytest
from pyarrow import fs

from lead_engine.foundation.errors import ConfigurationError
from lead_engine.foundation.places import filesystem_of


def test_a_folder(tmp_path):
    filesystem, path = filesystem_of(str(tmp_path))
    assert isinstance(filesystem, fs.LocalFileSystem) and path == str(tmp_path)


@pytest.mark.parametrize("uri", ["s3://bucket/lake", "s3a://bucket/lake", "s3n://bucket/lake"])
def test_hadoop_and_arrow_name_s3_differently(uri):
    filesystem, path = filesystem_of(uri + "?region=us-east-1")
    assert isinstance(filesystem, fs.S3FileSystem) and path == "bucket/lake"


def test_an_unknown_store_is_refused_with_what_can_be_used():
    with pytest.raises(ConfigurationError, match=r"(?s)tape://vault/lake: is not a place .* s3a"):
        filesystem_of("tape://vault/lake")
