"""The columns of the quality of what a run knows, from the arrays of the rules to ``geodata.queries.run_quality``."""

from __future__ import annotations

import numpy as np

from app.assessment.shelf_life import NEVER
from app.risk.parameters import RiskParameters
from app.workflows.ranking_inputs import Schools
from app.workflows.ranking_scores import Assessed, Edition
from geodata.database import Session
from geodata.queries import protection, run_quality
from geodata.readers.aggregates import read_counted_protection


def store(
    session: Session, run_id: int, schools: Schools, edition: Edition, assessed: Assessed, parameters: RiskParameters
) -> None:
    """Store the quality of schools and areas, in the session's transaction; results of schools are there already.

    Answers of the protection group are in none of it; their counts by area are made here too, by the database alone.
    """
    found = assessed.quality
    run_quality.store_quality(
        session,
        run_id,
        edition.id,
        {
            "school_id": ("int8", schools.columns["id"]),
            "verified_share": ("float8", np.nan_to_num(found.verified_share)),
            "firm_share": ("float8", np.nan_to_num(found.firm_share)),
            "expired_share": ("float8", found.expired_share),
            "evidence_day": ("float8", found.evidence_day),
            "first_expiry_day": ("int4", found.first_expiry_day),
            "compared": ("int4", found.compared),
            "equal_share": ("float8", found.equal_share),
            "index_gap": ("float8", found.index_gap),
        },
        never=NEVER,
        most_gap=parameters["quality.rater_gap"],
    )
    counted = read_counted_protection()
    protection.store_counts(session, run_id, counted.codes, counted.least)
