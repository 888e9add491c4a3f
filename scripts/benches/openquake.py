"""OpenQuake's ``classical_damage`` on the same assets: the peer of the risk engine, in an environment of its own.

``openquake.engine`` wants a GDAL that is built on the machine; its risk library does not, so that it is installed
without its dependencies, and then those that the library imports. Nothing of ours depends on it (AGPL-3.0).
"""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np

from app.risk.building_risk import BuildingInputs
from app.risk.damage import annual_rate, exceedance_probability, occurrence_rate
from app.risk.hazard_curve import motion_grid, power_law_rates
from app.risk.parameters import FloatArray, RiskParameters
from scripts.benches.place import FOLDER, say

FOLDER_OF_OPENQUAKE = FOLDER / "openquake"
NEEDED = (
    "alpha_shapes", "decorator", "django<5", "django_cors_headers", "docutils", "fiona", "geopandas", "h3", "h5py",
    "numba", "numpy", "pandas", "psutil", "pyproj", "pyzmq", "requests", "scipy", "shapely", "toml",
)  # fmt: skip
PEER = """
import json, sys, time
import numpy
from importlib.metadata import version
from openquake.risklib.scientific import FragilityFunctionContinuous, FragilityFunctionList, classical_damage

asked = json.load(sys.stdin)
imls = numpy.array(asked["motion_g"])
functions = []
for medians, beta in asked["fragility"]:
    own = FragilityFunctionList([])
    for state, median in enumerate(medians):
        mean = median * numpy.exp(beta ** 2 / 2)
        spread = mean * numpy.sqrt(numpy.expm1(beta ** 2))
        own.append(FragilityFunctionContinuous(str(state), mean, spread, 0, 0, asked["no_damage_g"] * 0.999999))
    functions.append(own)
poes = 1 - numpy.exp(-numpy.outer(numpy.array(asked["a475_g"]) ** asked["k"], asked["rates_of_1_g"]))
start = time.perf_counter()
found = [classical_damage(functions[kind], imls, poes[row], 1.0, 1.0) for row, kind in enumerate(asked["type"])]
seconds = time.perf_counter() - start
told = {"seconds": seconds, "version": version("openquake.engine"), "found": numpy.array(found).tolist()}
json.dump(told, sys.stdout)
"""


def install() -> str:
    """Make the environment once; return "" or the reason why it cannot be had here."""
    if (FOLDER_OF_OPENQUAKE / "complete").exists():
        return ""
    say(f"bench: installing openquake.engine into {FOLDER_OF_OPENQUAKE}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    pip = [str(FOLDER_OF_OPENQUAKE / "bin/python"), "-m", "pip", "install", "--quiet"]
    for command in (
        [sys.executable, "-m", "venv", str(FOLDER_OF_OPENQUAKE)],
        [*pip, "--no-deps", "openquake.engine"],
        [*pip, *NEEDED],
        [str(FOLDER_OF_OPENQUAKE / "bin/python"), "-c", "import openquake.risklib.scientific"],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            return (done.stderr.strip().splitlines() or ["no words"])[-1][:200]
    (FOLDER_OF_OPENQUAKE / "complete").touch()
    return ""


def of_model_f1(inputs: BuildingInputs, parameters: RiskParameters) -> tuple[FloatArray, BuildingInputs]:
    """Return the annual probability of no damage and of each state of model F1 by building of known type and motion.

    1 - exp(-rate) of each state's exceedance, as the peer states its results, and the buildings that it is of.
    """
    from app.risk.building_risk import part_of

    kept = part_of(inputs, np.flatnonzero((inputs.building_type < len(parameters.types)) & ~np.isnan(inputs.a475_g)))
    grid = motion_grid(parameters)
    found = np.empty((len(kept.building_type), 5))
    for kind in np.unique(kept.building_type):
        rows = np.flatnonzero(kept.building_type == kind)
        curve = exceedance_probability(
            grid, parameters.medians["F1"][kind], parameters.betas["F1"][kind], parameters["seismic.grid_low_g"]
        )
        rates = annual_rate(power_law_rates(grid, kept.a475_g[rows], parameters["seismic.k"], 1 / 475), curve)
        exceeding = -np.expm1(-np.concatenate([rates, np.zeros((len(rows), 1))], axis=1))
        found[rows] = np.concatenate([1 - exceeding[:, :1], occurrence_rate(exceeding[:, :-1])], axis=1)
    return found, kept


def ask_peer(inputs: BuildingInputs, parameters: RiskParameters) -> tuple[float, str, FloatArray]:
    """Return seconds, version and results of the peer; start-up and the reading of its input are not timed."""
    grid = motion_grid(parameters)
    asked = {
        "motion_g": grid.tolist(),
        "fragility": [
            (parameters.medians["F1"][kind].tolist(), float(parameters.betas["F1"][kind][0]))
            for kind in range(len(parameters.types))
        ],
        "no_damage_g": parameters["seismic.grid_low_g"],
        "a475_g": inputs.a475_g.tolist(),
        "k": parameters["seismic.k"],
        "rates_of_1_g": (grid ** -parameters["seismic.k"] / 475).tolist(),
        "type": inputs.building_type.tolist(),
    }
    done = subprocess.run(
        [str(FOLDER_OF_OPENQUAKE / "bin/python"), "-c", PEER],
        input=json.dumps(asked), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    return float(told["seconds"]), str(told["version"]), np.array(told["found"])
