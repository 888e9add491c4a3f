"""Words of the page of priors: over which buildings shares and rates were counted."""

from __future__ import annotations

from app.i18n.marks import N_

BASES = {
    "rayon_decade": N_("this district"),
    "oblast_decade": N_("this oblast"),
    "country_decade": N_("the whole country"),
    "country": N_("the whole country, all decades together: too few buildings of this one"),
    "equal": N_("too few buildings are surveyed: all types alike"),
}
"""What the shares of a decade were counted over."""
ANY_DECADE, YEAR_UNKNOWN = -1, 0
EVERY_GROUP = N_("All schools of the country")
NO_YEAR = N_("Year unknown")
UNKNOWN_TYPE = N_("type unknown")
COUNTRY = N_("Whole country")
