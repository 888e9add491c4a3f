"""The finding that heads the map, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from app.i18n.formats import format_number
from app.i18n.names import local_name
from app.web.language import current_language
from app.web.past_day import day_shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.exports.choropleth import Indicator
    from geodata.models import Run
    from geodata.records.map_shape import AreaShape

HALF_PCT = 50.0


def map_title(indicator: Indicator, shown: Sequence[AreaShape], run: Run | None, own: str | None) -> str:
    """Return a sentence with the main finding of the shaded areas; plain words where nothing is known."""
    language = current_language()
    if run is None and day_shown() is not None:
        return gettext("Map of schools: no ranking had been published by that day")
    if run is None:
        return gettext("Map of schools: nothing has been ranked yet")
    known = [(value, shape) for shape in shown if (value := indicator.value_of(shape)) is not None]
    if not known:
        return gettext("Map of schools: too little is known to compare areas")
    head = f"{own}: " if own else ""
    if indicator.code == "at_risk":
        many = sum(value >= HALF_PCT for value, _ in known)
        return head + gettext(
            "In %(n)s of %(total)s areas half of the pupils or more study in schools graded D or E",
            n=format_number(many, language),
            total=format_number(len(known), language),
        )
    if indicator.code == "coverage":
        return head + gettext(
            "%(n)s of %(total)s schools have been assessed",
            n=format_number(sum(shape.assessed or 0 for _, shape in known), language),
            total=format_number(sum(shape.schools or 0 for _, shape in known), language),
        )
    if indicator.code == "pupils_at_risk":
        total = sum(value for value, _ in known)
        return head + gettext("%(n)s pupils study in schools graded D or E", n=format_number(total, language))
    choose = min if indicator.is_reversed else max
    value, worst = choose(known, key=lambda pair: (pair[0], pair[1].code))
    facts = {"area": local_name(worst, language), "value": format_number(value, language)}
    if indicator.is_reversed:
        return head + gettext("%(area)s conforms least with the Standard: %(value)s of 100", **facts)
    return head + gettext("%(area)s has the highest mean priority: %(value)s of 100", **facts)
