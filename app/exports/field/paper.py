"""The standard as a form on paper for one school: the same questions in the same order as the quick-entry screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from app.exports.field import words
from app.exports.formats.area_brief import qr_svg
from app.exports.typeset import typeset
from app.i18n.catalogue import translator
from app.i18n.languages import CODES
from app.i18n.marks import N_
from geodata.records.assessing import OF_BLOCK

if TYPE_CHECKING:
    from geodata.records.field import FormContents, FormCriterion, Named

TEMPLATE = "paper_form.typ"
TITLE = N_("Assessment on paper")
TITLE_PROTECTED = N_("Assessment on paper: protection, restricted")
HOW = N_(
    "Cross one number in each row. Enter the answers by the QR code: the screen has the same order and the same keys; "
    "the code of a row opens the screen there."
)
HEADS = (N_("Code"), N_("Requirement"), N_("Answer"), N_("Number, rooms"), N_("Note"))
OF_SCHOOL, OF_BUILDING = N_("The school as a whole"), N_("Building %(building)s")
ROOMS = N_("rooms looked at / kept")
ROW_QR = N_("QR code of the row %(code)s on the screen")
QR_TEXT = N_("QR code of the screen where the answers are entered")
PAGE, FOOTER = N_("Page"), N_("%(school)s, edition %(edition)s")
AT_LEAST, AT_MOST = N_("at least %(norm)s"), N_("at most %(norm)s")


@dataclass(frozen=True)
class PaperForm:
    """What is printed. ``contents`` hold one school with its buildings; ``address`` is where answers are entered."""

    contents: FormContents
    school: Named
    area: Named | None
    language: str
    address: str


def ordered_parts(
    contents: FormContents,
) -> list[tuple[Named | None, list[tuple[Named, list[FormCriterion]]]]]:
    """Return the order of paper and screen: the school by domain (None), then each building by domain.

    A school of which no building is known has its criteria of buildings among those of the school.
    """
    whole = [one for one in contents.criteria if not contents.buildings or one.scope not in OF_BLOCK]
    parts: list[tuple[Named | None, list[tuple[Named, list[FormCriterion]]]]] = [(None, _by_domain(contents, whole))]
    of_blocks = [one for one in contents.criteria if one.scope in OF_BLOCK]
    if of_blocks:
        parts += [(building, _by_domain(contents, of_blocks)) for building in contents.buildings]
    return [part for part in parts if part[1]]


def _by_domain(contents: FormContents, criteria: list[FormCriterion]) -> list[tuple[Named, list[FormCriterion]]]:
    found = [(domain, [one for one in criteria if one.domain_code == domain.code]) for domain in contents.domains]
    return [(domain, ones) for domain, ones in found if ones]


def write_paper(form: PaperForm) -> bytes:
    """Return the PDF, in one language."""
    return typeset(TEMPLATE, paper_data(form))


def paper_data(form: PaperForm) -> dict[str, Any]:
    """Return the texts of the PDF."""
    say, at = translator(form.language), CODES.index(form.language)
    contents, school = form.contents, form.school
    parts = [
        {
            "name": say(OF_SCHOOL) if building is None else say(OF_BUILDING, building=_block_name(building, at)),
            "domains": [
                {"name": domain.names[at], "rows": [_row(one, building, at, form) for one in criteria]}
                for domain, criteria in domains
            ],
        }
        for building, domains in ordered_parts(contents)
    ]
    return {
        "lang": form.language,
        "title": say(TITLE_PROTECTED if contents.is_protected else TITLE),
        "school": f"{school.names[at]} ({school.code})",
        "place": form.area.names[at] if form.area else say(words.UNKNOWN),
        "day": say(words.DAY),
        "kind": say(words.KIND),
        "assessor": say(words.ASSESSOR),
        "how": say(HOW),
        "keys": [{"key": str(key), "word": say(word)} for key, word in enumerate(words.STATES.values(), 1)],
        "heads": [say(word) for word in HEADS],
        "parts": parts,
        "remarks": say(words.REMARKS),
        "footer": say(FOOTER, school=school.code, edition=contents.mark),
        "page": say(PAGE),
        "qr": qr_svg(form.address),
        "qr_text": say(QR_TEXT),
    }


def _block_name(building: Named, at: int) -> str:
    name = building.names[at]
    return building.code if name == building.code else f"{name} ({building.code})"


def row_address(address: str, criterion: str, building: str | None) -> str:
    """Return where a row's QR code leads: the screen of the form, at this row."""
    parts = {"at": criterion} | ({"block": building} if building else {})
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parts)}"


def _row(criterion: FormCriterion, building: Named | None, at: int, form: PaperForm) -> dict[str, str]:
    language = form.language
    say = translator(language)
    is_number = criterion.value_type == "num"
    number = [words.unit_words(criterion)[at]] if is_number else []
    if criterion.scope == "room":
        number.append(say(ROOMS))
    return {
        "code": criterion.code,
        "text": criterion.texts[at],
        "norm": spelt(words.norm_words(criterion)[at], language) if is_number else "",
        "number": ", ".join(number),
        "qr": qr_svg(row_address(form.address, criterion.code, building.code if building else None), is_small=True),
        "qr_text": say(ROW_QR, code=criterion.code),
    }


def spelt(norm: str, language: str) -> str:
    """Return a norm in words where the printed font has no sign for it."""
    say = translator(language)
    for sign, word in (("≥ ", AT_LEAST), ("≤ ", AT_MOST)):
        if norm.startswith(sign):
            return say(word, norm=norm[len(sign) :])
    return norm
