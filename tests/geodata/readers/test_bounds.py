"""Memory and time of a reading process stay within what is promised."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from geodata.errors import FileRefusedError
from geodata.readers.sandbox import read_in_sandbox

MEGABYTE = 1_000_000
ROOT = Path(__file__).resolve().parents[3]
MEASURE = """
import json, resource, sys, time
from geodata.readers.sandbox import read_in_sandbox
started = time.monotonic()
rows = len(read_in_sandbox(sys.argv[1]).rows)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps([time.monotonic() - started, peak, rows]))
"""


def _measure(path):
    """Return (seconds, memory of the reading process in bytes, rows): in a process that has no other child."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", ["csv", "geojson"])
def test_ten_megabytes_take_400_at_most(tmp_path, kind):
    path = tmp_path / "upload"
    if kind == "csv":
        line = "0000{:05d},Орто мектеп № {},41.5{:04d},75.9,41704245000000,{},2,2024-01-01\n"
        lines = ["code,name_ky,lat,lon,area_code,pupils,shifts,date\n"]
        lines += [line.format(n, n, n % 10000, n % 900) for n in range(120_000)]
        path.write_text("".join(lines)[: 10 * MEGABYTE].rsplit("\n", 1)[0] + "\n", "utf-8")
    else:
        one = '{{"type":"Feature","properties":{{"code":"{}","name_ky":"Мектеп"}},"geometry":{{"type":"Point","coordinates":[75.{},41.5]}}}}'  # noqa: E501
        features = ",".join(one.format(n, n) for n in range(80_000))
        path.write_text('{"type":"FeatureCollection","features":[' + features + "]}", "utf-8")

    seconds, peak, rows = _measure(path)

    assert rows > 60_000
    assert peak <= 400 * MEGABYTE
    assert seconds <= 20


def test_too_slow_is_told(tmp_path):
    path = tmp_path / "upload"
    path.write_text("code,a,b,c\n" + "1,2,3,4\n" * 1_900_000)

    with pytest.raises(FileRefusedError) as caught:
        read_in_sandbox(path, seconds=1)

    assert caught.value.problem.code == "too_slow"
