"""What the forms say besides the standard itself, as msgids, and in the three languages at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.i18n.catalogue import translator
from app.i18n.languages import LANGUAGES
from app.i18n.marks import N_

if TYPE_CHECKING:
    from geodata.records.field import FormCriterion, Texts

STATES = {
    "meets": N_("Meets"),
    "partly": N_("Partly"),
    "fails": N_("Fails"),
    "not_applicable": N_("Does not apply"),
    "unknown": N_("Unknown"),
}
"""In the order of the keys 1 to 5 of paper and quick entry."""
KINDS = {
    "self": N_("Self-assessment"),
    "verification": N_("Verification"),
    "survey": N_("Engineering survey"),
    "instrument": N_("Measurement"),
}
EVIDENCE = {
    "inspection": N_("inspection"),
    "document": N_("document"),
    "measurement": N_("measurement"),
    "photo": N_("photo"),
    "survey": N_("survey"),
    "GIS": N_("map"),
    "test": N_("test"),
    "lab report": N_("laboratory report"),
    "assessment": N_("assessment"),
}
"""What an edition accepts as evidence."""
TITLE = N_("Safe school: %(edition)s")
TITLE_PROTECTED = N_("Safe school, protection (restricted): %(edition)s")
VISIT = N_("The visit")
KIND = N_("Kind of assessment")
DAY = N_("Day of the visit")
DAY_WRONG = N_("The day of the visit cannot be later than today.")
ASSESSOR = N_("Assessor (name and position)")
AREA = N_("Area")
SCHOOL = N_("School")
BLOCKS = N_("Buildings of the school")
WHICH_BLOCK = N_("Which building")
VALUE = N_("%(code)s. Value, %(unit)s")
ROOMS = N_("%(code)s. How many rooms were looked at")
PASSED = N_("%(code)s. In how many of them the norm is kept")
SEEN = N_("%(code)s. The answer is of %(day)s. Did you see today that it still holds?")
NOTE = N_("%(code)s. Note")
PHOTO = N_("%(code)s. Photo")
VALUE_WRONG = N_("The number does not go with the answer, or no such number is possible. Norm: %(norm)s.")
PASSED_WRONG = N_("The number of rooms does not go with the answer, or is larger than the number looked at.")
NORM = N_("Norm: %(norm)s. Evidence: %(evidence)s.")
REMARKS = N_("Remarks about the visit")
YES, NO = N_("Yes"), N_("No, as it was")
UNKNOWN = N_("Unknown")
MUST_BE_MET = N_("must be met")

LANGUAGE_HEADS = tuple(f"{language.name} ({language.code})" for language in LANGUAGES)
"""As headings of an XLSForm name languages: ``label::Кыргызча (ky)``."""


@lru_cache(maxsize=4)
def _translators() -> tuple[Any, ...]:
    return tuple(translator(language.code) for language in LANGUAGES)


def in_all(msgid: str, **params: str | Texts) -> Texts:
    """Return a msgid in Kyrgyz, Russian and English; a parameter may be given in the three languages."""
    made = []
    for at, translate in enumerate(_translators()):
        filled = {name: value if isinstance(value, str) else value[at] for name, value in params.items()}
        made.append(translate(msgid, **filled))
    return made[0], made[1], made[2]


def unit_words(criterion: FormCriterion) -> Texts:
    """Return the unit of the norm; an edition whose units we have no words for shows them as it writes them."""
    return in_all(criterion.unit) if criterion.unit else ("", "", "")


def norm_words(criterion: FormCriterion) -> Texts:
    """Return the norm: numbers as the edition writes them, the unit in words of the language."""
    if criterion.value_type != "num":
        return in_all(MUST_BE_MET)
    if criterion.unit and criterion.requirement.endswith(criterion.unit):
        bare = criterion.requirement.removesuffix(criterion.unit)
        ky, ru, en = unit_words(criterion)
        return bare + ky, bare + ru, bare + en
    return criterion.requirement, criterion.requirement, criterion.requirement


def evidence_words(criterion: FormCriterion) -> Texts:
    """Return the kinds of evidence that the edition accepts, in words."""
    kinds = [kind.strip() for kind in criterion.evidence_type.split(";") if kind.strip()]
    words = [in_all(EVIDENCE.get(kind, kind)) for kind in kinds]
    ky, ru, en = (", ".join(word[at] for word in words) for at in range(3))
    return ky, ru, en
