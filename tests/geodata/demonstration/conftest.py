"""The synthetic country, made once for all tests of this folder."""

from __future__ import annotations

import pytest

from geodata.demonstration.country import Country, make_country
from geodata.readers.standard import read_edition


@pytest.fixture(scope="session")
def country() -> Country:
    """The country as it ships."""
    return make_country(read_edition()["criteria"])
