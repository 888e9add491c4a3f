"""What hazard layers measured, in words: values with their units, and shaking as motion at the surface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from flask_babel import gettext as _

from app.i18n.formats import format_number
from app.risk.hazard_curve import surface_motion
from app.risk.parameters import default_parameters
from app.web.language import current_language
from geodata.queries.hazard_conflicts import Shaking

if TYPE_CHECKING:
    from collections.abc import Mapping

DECIMALS = {"pga_g": 2, "depth_m": 1}
"""Decimals of a measured hazard by the layer's quantity; degrees, metres and classes are whole."""


def measured_text(value: float, quantity: str | None, unit: str | None) -> str:
    """Return a measured value with its unit: distances from 10 km on in kilometres."""
    language = current_language()
    if quantity == "distance_m" and value >= 10_000:
        return f"{format_number(value / 1000, language)}\u00a0{_('km')}"
    text = format_number(value, language, DECIMALS.get(quantity or "", 0))
    return f"{text}\u00a0{_(unit)}" if unit else text


def compared_shaking() -> Shaking:
    """Return how motions of sources are compared: by the method's parameters, at the surface of soil II."""
    values = default_parameters()
    period = round(1 / values["seismic.reference_rate"])
    depth_period = round(values["depth.compared_period"])
    return Shaking(values.msk_pga, values["soil.II"], period, values["seismic.apart_ratio"], depth_period)


def is_curve_point(manifest: Mapping[str, Any]) -> bool:
    """Return whether a layer is for another return period than the one that is compared: it contradicts nobody."""
    about, period = compared_shaking(), manifest.get("return_period_years")
    compared = {"pga_g": about.design_period, "msk": about.design_period, "depth_m": about.depth_period}
    return period not in (None, compared.get(str(manifest.get("quantity")), period))


def motion_of(hazard: str, manifest: Mapping[str, Any], value: float | None) -> float | None:
    """Return the 475-year motion at the surface of soil II (g) that a layer tells; None where it tells none."""
    quantity = manifest.get("quantity")
    if hazard != "earthquake" or value is None or quantity not in ("pga_g", "msk") or is_curve_point(manifest):
        return None
    rock, zone = (value, np.nan) if quantity == "pga_g" else (np.nan, value)
    found = surface_motion(np.array([rock]), np.array([zone]), np.array([0]), default_parameters())
    return float(found[0])


def told_text(text: str, manifest: Mapping[str, Any], value: float | None, motion: float | None) -> str:
    """Return what a layer says: its level (``text``), in brackets its value with unit and the motion at the surface."""
    if value is None:
        return text
    measured = measured_text(value, str(manifest.get("quantity") or ""), str(manifest.get("unit") or ""))
    if motion is None:
        return f"{text} ({measured})"
    surface = f"{format_number(motion, current_language(), 2)}\u00a0g"
    return _("%(level)s (%(value)s; at the surface %(motion)s)", level=text, value=measured, motion=surface)
