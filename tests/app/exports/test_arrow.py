"""Points of a file for analysts: the bytes that every reader knows, and nothing where the place is unknown."""

import pyarrow as pa
import shapely

from app.exports.arrow import GEOMETRY, _with_points


def test_point_is_the_standard_text_of_bytes_and_an_unknown_place_is_null():
    lon, lat = [74.6, None, 72.8, 75.0, 71.0], [42.87, 41.0, None, 41.43, 40.06]
    rows = pa.RecordBatch.from_pydict({"lon": pa.array(lon, pa.float64()), "lat": pa.array(lat, pa.float64())})
    schema = pa.schema([*rows.schema, pa.field(GEOMETRY, pa.binary())])

    found = _with_points(rows, schema).column(GEOMETRY)

    assert found.to_pylist() == [
        None if x is None or y is None else shapely.to_wkb(shapely.Point(x, y)) for x, y in zip(lon, lat, strict=True)
    ]
