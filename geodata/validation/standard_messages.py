"""Messages about a file that holds an edition of the standard, by problem code."""

from geodata.records.marks import N_
from geodata.validation import remedies

NEW_EDITION = N_("Give the file a code of its own for the new edition; the edition in use stays as it is.")

MESSAGES = {
    "standard_code": (
        N_("The code has another shape than expected, for example %(example)s."),
        remedies.RETYPE_CODE,
    ),
    "standard_cell_missing": (N_('A new criterion needs "%(field)s".'), remedies.FILL_CELL),
    "standard_named_twice": (
        N_('"%(code)s" is named in two ways in this file; the first one is "%(first)s".'),
        remedies.FILL_CELL,
    ),
    "standard_norm_missing": (N_("A norm in numbers needs a least or a greatest value."), remedies.FILL_CELL),
    "standard_norm_reversed": (
        N_("The least value is larger than the greatest one (%(high)s)."),
        remedies.FILL_CELL,
    ),
    "standard_cap_without_critical": (
        N_("Only a critical requirement caps the index."),
        remedies.FILL_CELL,
    ),
    "standard_protection_public": (
        N_("Answers of the protection group are restricted, and no others are."),
        remedies.FILL_CELL,
    ),
    "standard_co_owner_same": (N_("The co-owner is the responsible body itself."), remedies.FILL_CELL),
    "standard_guidance_incomplete": (
        N_('Guidance has five parts in three languages and a standing; "%(field)s" is missing.'),
        remedies.FILL_CELL,
    ),
    "edition_mixed": (N_("The file holds more than one edition; most rows are of %(edition)s."), remedies.ONE_EDITION),
    "edition_in_use": (
        N_("The edition %(edition)s is in use: what it says does not change. Only its guidance may."),
        NEW_EDITION,
    ),
}
"""Code to (what is wrong, what to do)."""
