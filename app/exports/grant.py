"""The package for a competition of shared grants: what is known of a school and its measures, and what is missing.

Nothing is invented: a value that the system does not have is told as unknown, a paper that it does not have as missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from app.exports import words
from app.exports.measure_words import measure_text
from app.exports.reasons import reason
from app.funding.bundles import RETROFIT
from app.funding.catalogue import default_catalogue
from app.i18n.catalogue import Translate, translator
from app.i18n.formats import format_date, format_number, format_percent
from app.i18n.marks import N_
from app.i18n.names import local_name
from geodata.readers.grants import BudgetStep, GrantField, ShareExample
from geodata.records.priority import PriorityRow
from geodata.records.school import DomainFacts

BAD_LEVEL = 3
STATUS = {
    "stated": "",
    "second_hand": N_("as told by a journal; check it against the act"),
    "unknown": N_("ask the finance department"),
}


@dataclass(frozen=True, slots=True)
class GrantPhoto:
    """One public photo, drawn anew without what a camera writes into a file; JPEG."""

    title: str
    taken_on: date | None
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class GrantMoney:
    """Cost of the measures (None: unknown) and its parts in whole som; ``own_pct`` is the share asked for."""

    cost_som: int | None
    own_pct: int

    @property
    def own_som(self) -> int | None:
        """The own share, rounded up once to whole som."""
        return None if self.cost_som is None else -(-self.cost_som * self.own_pct // 100)

    @property
    def grant_som(self) -> int | None:
        """What is asked of the competition: the cost less the own share."""
        own = self.own_som
        return None if self.cost_som is None or own is None else self.cost_som - own


@dataclass(frozen=True)
class GrantPackage:
    """All that the package tells. ``above`` names the areas from the country down; ``map_svg`` None: place unknown."""

    language: str
    row: PriorityRow
    above: Sequence[str]
    applicant: str
    bundle: str
    money: GrantMoney
    year: int
    plan_hash: str | None
    run_hash: str
    data_date: date
    made_on: date
    is_synthetic: bool
    is_draft: bool
    domains: Sequence[DomainFacts]
    calendar: Sequence[BudgetStep]
    fields: Sequence[GrantField]
    examples: Sequence[ShareExample]
    sources: Sequence[str]
    address: str
    map_svg: str | None = None
    photos: Sequence[GrantPhoto] = field(default_factory=tuple)

    @property
    def say(self) -> Translate:
        """Translate into the language of the package."""
        return translator(self.language)

    @property
    def measures(self) -> list[str]:
        """The measures in words."""
        return [measure_text(code, self.language) for code in self.bundle.split("+")]

    @property
    def title(self) -> str:
        """What the package asks for."""
        return self.say(N_("Application for a shared grant: %(school)s"), school=local_name(self.row, self.language))

    @property
    def stamps(self) -> list[str]:
        """What limits its use."""
        say = self.say
        found = [say(N_("Synthetic data for demonstration: no real school."))] if self.is_synthetic else []
        if self.is_draft:
            found.append(say(N_("Draft - not for allocation")))
        return [*found, say(N_("The cost is an order of magnitude: an estimate by a designer must replace it."))]


def failed(package: GrantPackage) -> list[tuple[str, str, bool, bool]]:
    """Return (code, text, critical, met by these measures) of the public requirements that fail, critical first."""
    criteria = [one for domain in package.domains for one in domain.failed]
    criteria.sort(key=lambda one: not one.is_critical)
    codes = [one.code for one in criteria]
    met = [_meets(code, codes) for code in package.bundle.split("+")]
    return [
        (one.code, local_name(one, package.language, "text"), one.is_critical, any(found[at] for found in met))
        for at, one in enumerate(criteria)
    ]


def _meets(code: str, criteria: Sequence[str]) -> list[bool]:
    """Return which criteria a measure meets; the full retrofit, of whatever kind, those that every kind meets."""
    known = default_catalogue().interventions
    kinds = set(default_catalogue().retrofit.values()) & set(known) if code == RETROFIT else {code} & set(known)
    each = [known[kind].passes(criteria) for kind in sorted(kinds)]
    return [bool(each) and all(bool(found[at]) for found in each) for at in range(len(criteria))]


def problem(package: GrantPackage) -> list[str]:
    """Return the problem in sentences, each from a value of the ranking."""
    row, say, language = package.row, package.say, package.language
    grade = say(words.GRADE_MEANINGS[row.grade or "unknown"])
    found = [
        say(N_("Grade of the school: %(grade)s (%(meaning)s)."), grade=row.grade or say(words.UNKNOWN), meaning=grade),
        say(
            N_("Rank by priority: %(rank)s in the country, %(oblast)s in the oblast."),
            rank=format_number(row.national_rank, language),
            oblast=format_number(row.oblast_rank, language),
        ),
        reason(row, say, language),
    ]
    bad = [
        say(N_("%(hazard)s, level %(level)s of 4"), hazard=say(words.HAZARD_LABELS.get(code, code)), level=level)
        for code, level in sorted(row.hazard_levels.items())
        if level is not None and level >= BAD_LEVEL and code in words.HAZARD_LABELS
    ]
    unknown = [
        say(words.HAZARD_LABELS[code])
        for code, level in sorted(row.hazard_levels.items())
        if level is None and code in words.HAZARD_LABELS
    ]
    if bad:
        found.append(say(N_("Hazards of the place: %(list)s."), list="; ".join(bad)))
    if unknown:
        found.append(say(N_("Hazards that nobody has measured here: %(list)s."), list=", ".join(unknown)))
    return [sentence for sentence in found if sentence]


def beneficiaries(package: GrantPackage) -> list[tuple[str, float | None]]:
    """Return (label, number) of who is helped; None is unknown."""
    row, say = package.row, package.say
    return [
        (say(N_("Pupils")), row.pupils),
        (say(N_("Shifts")), row.shifts),
        (say(N_("Pupils at the same time")), row.peak_pupils),
        (say(N_("Design seats")), row.seats),
    ]


def money_rows(package: GrantPackage) -> list[tuple[str, int | None, str]]:
    """Return (label, som, note): cost, own share, what is asked for; the last two add up to the first."""
    say, language, money = package.say, package.language, package.money
    return [
        (say(N_("Cost of the measures")), money.cost_som, ""),
        (say(N_("Own share of the local budget")), money.own_som, format_percent(money.own_pct, language)),
        (
            say(N_("Asked of the competition")),
            money.grant_som,
            format_percent(100 - money.own_pct, language),
        ),
    ]


def missing(package: GrantPackage) -> list[str]:
    """Return what the application needs and the system does not have, in words."""
    found = [local_name(one, package.language) for one in package.fields if one.state == "missing"]
    if not package.photos:
        found += [local_name(one, package.language) for one in package.fields if one.state == "photos"]
    if package.map_svg is None:
        found += [local_name(one, package.language) for one in package.fields if one.code == "place"]
    if package.money.cost_som is None:
        found += [local_name(one, package.language) for one in package.fields if one.code == "cost"]
    for label, value in beneficiaries(package):
        if value is None:
            found.append(package.say(N_("Beneficiaries: %(what)s"), what=label))
    return found


def calendar_rows(package: GrantPackage) -> list[tuple[str, str, str, str]]:
    """Return (when, what, remark, source) of each step of the budget year."""
    return [
        (
            local_name(step, package.language, "when"),
            local_name(step, package.language, "what"),
            package.say(STATUS[step.status]),
            f"{step.source} {step.url}".strip(),
        )
        for step in package.calendar
    ]


def origin(package: GrantPackage) -> list[tuple[str, str]]:
    """Return (label, value) of where the numbers come from."""
    say, language = package.say, package.language
    return [
        (say(N_("Run")), package.run_hash),
        (say(N_("Plan")), package.plan_hash or say(N_("none: the measures are chosen by hand"))),
        (say(N_("Data as of")), format_date(package.data_date, language)),
        (say(N_("File made on")), format_date(package.made_on, language)),
        (say(N_("Licence of this list")), "CC BY 4.0"),
        (say(N_("Page of the school")), package.address),
    ]


def example_words(package: GrantPackage) -> list[str]:
    """Return the examples of own shares with their source."""
    language = package.language
    return [
        package.say(
            N_("%(where)s: %(own)s of %(total)s som, %(share)s (%(source)s)"),
            where=local_name(one, language, "where"),
            own=format_number(one.own_som, language),
            total=format_number(one.total_som, language),
            share=format_percent(one.share_pct, language),
            source=one.source,
        )
        for one in package.examples
    ]


def som(package: GrantPackage, value: float | None) -> str:
    """Return a number as the language writes it; None is the word for unknown."""
    return format_number(value, package.language)
