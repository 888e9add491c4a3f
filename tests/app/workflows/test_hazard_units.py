"""A map of accelerations in another unit is refused with every unit that fits, or taken with a warning."""

from pathlib import Path

import pytest

from app.workflows.import_hazard import in_unit
from geodata.errors import FileRefusedError
from geodata.records.raster import RasterFile
from layers.registry import find_layer

LAYER = find_layer("pga_475")


def raster(least, greatest):
    return RasterFile(Path("pga.tif"), 4326, 2, 2, "float32", None, (74, 42, 75, 43), least=least, greatest=greatest)


def test_a_raster_in_metres_per_second_squared_is_refused_with_the_unit_that_fits():
    with pytest.raises(FileRefusedError) as refused:
        in_unit(LAYER, raster(2.60, 2.86))

    assert refused.value.problem.code == "hazard_unit_fits"
    assert refused.value.problem.params["fits"] == "m/s²"


def test_a_raster_above_the_strongest_zone_is_shown_with_a_warning_before_it_is_taken():
    found = in_unit(LAYER, raster(0.2, 0.95))

    assert [(one.code, one.severity) for one in found.problems] == [("hazard_unit_doubtful", "warning")]
    assert found.problems[0].params["fits"] == "m/s²"


def test_a_plausible_raster_has_no_problem():
    assert in_unit(LAYER, raster(0.1, 0.48)).problems == []
