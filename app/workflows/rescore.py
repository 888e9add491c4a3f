"""All schools by the public answers of any day and against any edition, and why grades moved between two of such.

Nothing is stored: a run is what money rests on, this is a question. Schools and their buildings are those of today's
records that are open on the later day; answers and editions are those of the days that are asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import KINDS, codes_of_rooms
from app.assessment.grades import GRADES
from app.assessment.rescoring import Counted, KnownAnswers, changed_later, counted_on, exchanged
from app.assessment.schools import SchoolScores, score_all
from app.prioritisation.difference import ORDER, exchange_in_turn
from app.risk.parameters import RiskParameters, default_parameters
from app.workflows import ranking_inputs, ranking_scores
from geodata.queries import published_answers, scoring, standard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.workflows.ranking_inputs import Buildings, Schools
    from app.workflows.ranking_scores import Edition
    from geodata.database import Session

EPOCH = date(1970, 1, 1)
CAUSES = ORDER
"""What is exchanged one after another: the rule, data, reality, and what cannot be told apart."""
INDEX, GRADE = 0, 1

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class RescoreError(Exception):
    """Base of what a re-score refuses."""


class UnknownEditionError(RescoreError):
    """There is no edition of this code, or it has no public criteria."""


class NoSchoolsError(RescoreError):
    """No school is open on the day."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is asked about: the answers that were public at the end of ``day``, measured by an edition."""

    day: date
    edition: str


@dataclass(slots=True)
class Rescored:
    """All schools at one moment; ``is_assessed``: something is answered, else an index says nothing."""

    moment: Moment
    edition: Edition
    scores: SchoolScores
    is_assessed: NDArray[np.bool_]

    def grade_of(self, row: int) -> str | None:
        """Return the grade of a school; None = nothing is known well enough."""
        return GRADES[int(self.scores.grade[row])]


@dataclass(slots=True)
class Comparison:
    """Schools at two moments, in the same order."""

    old: Rescored
    new: Rescored
    points: Mapping[str, FloatArray]
    """Per cause: points of the index it moved, shape (schools,); NaN where nothing is known at either moment."""
    steps: Mapping[str, IntArray]
    """Per cause: steps of the grade (index into ``GRADES``), shape (schools,); their sum is the whole step."""

    @property
    def has_moved(self) -> NDArray[np.bool_]:
        """Return which schools have another grade."""
        return self.old.scores.grade != self.new.scores.grade


class Rescorer:
    """What two moments and the points of a history share: schools, buildings and answers, loaded once."""

    def __init__(self, session: Session, last: date, school_id: int | None = None) -> None:
        """Load everything that was public by the end of ``last``; of one school with ``school_id``.

        Raises:
            NoSchoolsError: No school is open on that day.
        """
        self._session = session
        self.parameters: RiskParameters = default_parameters()
        self.schools: Schools = ranking_inputs.load_schools(session, last, self.parameters)
        self.buildings: Buildings = ranking_inputs.load_buildings(session, self.schools, last, self.parameters)
        if school_id is not None:
            self._keep(school_id)
        if not len(self.schools):
            raise NoSchoolsError(last.isoformat())
        chosen = None if school_id is None else [school_id]
        self.visits = published_answers.load_visits(session, last, KINDS, chosen)
        found = published_answers.load_visit_answers(session, self.visits, are_all=school_id is None)
        self.codes, columns = _columns(published_answers.public_criterion_codes(session), found["criterion_id"])
        self._answers = self._placed(found, columns)
        self._editions: dict[str, Edition] = {}

    def _keep(self, school_id: int) -> None:
        chosen = self.schools.columns["id"] == school_id
        rows = np.flatnonzero(chosen[self.buildings.school])
        columns = {name: values[rows] for name, values in self.buildings.columns.items()}
        school = np.zeros(len(rows), dtype=np.int64)
        priors = None if self.buildings.priors is None else self.buildings.priors.part(rows)
        share, unknown = self.buildings.share[rows], np.empty((len(rows), 3))
        self.buildings = ranking_inputs.Buildings(columns, school, share, unknown, priors)
        kept = {name: values[chosen] for name, values in self.schools.columns.items()}
        self.schools = ranking_inputs.prepare_schools(kept, self.parameters)

    def _placed(self, found: dict[str, NDArray[Any]], columns: IntArray) -> KnownAnswers:
        """Return the answers by their places, without those of other schools, buildings and criteria."""
        buildings = len(self.buildings)
        of_school = ranking_inputs.row_of(self.schools.columns["id"], found["school_id"])
        of_building = ranking_inputs.row_of(self.buildings.columns["id"], found["building_id"])
        place = np.where(found["building_id"] == 0, of_school + buildings, of_building)
        rows = np.flatnonzero((of_school >= 0) & (place >= 0) & (columns >= 0))
        codes = codes_of_rooms(
            found["code"][rows], found["room_share"][rows], self.parameters["conformity.room_share_partly"]
        )
        days = (found[name][rows] for name in ("day", "visit_day", "known_day"))
        return KnownAnswers(place[rows], columns[rows], codes, found["kind"][rows], *days)

    def edition(self, code: str) -> Edition:
        """Return an edition by its code.

        Raises:
            UnknownEditionError: There is none, or nothing public is asked by it.
        """
        if code not in self._editions:
            found = standard.find_edition(self._session, code)
            if found is None or not scoring.public_criteria(self._session, found.id):
                raise UnknownEditionError(code)
            self._editions[code] = ranking_scores.read_edition(self._session, found, self.parameters)
        return self._editions[code]

    def counted_on(self, day: date) -> Counted:
        """Return what counted in each building, over all criteria of all editions."""
        return counted_on(self._answers, (day - EPOCH).days, self.buildings.school, len(self.schools), len(self.codes))

    def score(self, counted: Counted, edition: Edition) -> SchoolScores:
        """Score what counted by an edition, with the rules of a ranking."""
        place = {code: column for column, code in enumerate(self.codes)}
        own = counted.at(np.array([place[code] for code in edition.standard.codes], dtype=np.int64))
        _, schools = score_all(
            own.codes,
            own.verified,
            self.buildings.school,
            self.buildings.share,
            len(self.schools),
            edition.standard,
            ranking_scores.cuts_of(self.parameters),
            ranking_scores.prior_of(self.buildings, edition, self.parameters),
            self.parameters["conformity.unverified_trust"],
        )
        return schools

    def at(self, moment: Moment) -> Rescored:
        """Return all schools at one moment."""
        edition = self.edition(moment.edition)
        scores = self.score(self.counted_on(moment.day), edition)
        return Rescored(moment, edition, scores, scores.completeness > 0)

    def compare(self, old: Moment, new: Moment) -> Comparison:
        """Return two moments and what moved between them: the rule, our knowledge or the schools themselves."""
        editions = self.edition(old.edition), self.edition(new.edition)
        before, after = self.counted_on(old.day), self.counted_on(new.day)
        first, last = (before, after) if old.day <= new.day else (after, before)
        changed = changed_later(first, last, (min(old.day, new.day) - EPOCH).days)
        made: list[SchoolScores] = []

        def score(inputs: Mapping[str, Any]) -> FloatArray:
            answers = exchanged(inputs["data"], inputs["reality"], inputs["undivided"], changed)
            made.append(self.score(answers, inputs["rule"]))
            return np.stack([made[-1].central, made[-1].grade.astype(float)], axis=1)

        parts = exchange_in_turn(
            score,
            {"rule": editions[0], **dict.fromkeys(CAUSES[1:], before)},
            {"rule": editions[1], **dict.fromkeys(CAUSES[1:], after)},
            CAUSES,
        )
        found = [
            Rescored(moment, edition, scores, scores.completeness > 0)
            for moment, edition, scores in zip((old, new), editions, (made[0], made[-1]), strict=True)
        ]
        told = found[0].is_assessed & found[1].is_assessed
        points = {cause: np.where(told, part[:, INDEX], np.nan) for cause, part in parts.items()}
        steps = {cause: part[:, GRADE].round().astype(np.int64) for cause, part in parts.items()}
        return Comparison(found[0], found[1], points, steps)


def _columns(codes_by_id: Mapping[int, str], criterion_ids: IntArray) -> tuple[Sequence[str], IntArray]:
    """Return the codes of all criteria, and the place of each answer's criterion among them (-1 = not public)."""
    codes = sorted(set(codes_by_id.values()))
    place = {code: column for column, code in enumerate(codes)}
    ids = np.array(sorted(codes_by_id), dtype=np.int64)
    column_of_id = np.array([place[codes_by_id[int(number)]] for number in ids], dtype=np.int64)
    rows = ranking_inputs.row_of(ids, criterion_ids)
    return codes, np.where(rows >= 0, np.append(column_of_id, -1)[rows], -1)


def rescore(session: Session, moment: Moment) -> tuple[Rescorer, Rescored]:
    """Return the schools at one moment, and what they were loaded by."""
    found = Rescorer(session, moment.day)
    return found, found.at(moment)


def compare(session: Session, old: Moment, new: Moment) -> tuple[Rescorer, Comparison]:
    """Return what moved between two moments, and what they were loaded by."""
    found = Rescorer(session, max(old.day, new.day))
    return found, found.compare(old, new)
