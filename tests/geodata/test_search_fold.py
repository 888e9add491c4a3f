"""The folded name: one spelling for many."""

import pytest
from sqlalchemy import text


@pytest.mark.parametrize("spelling", ["Жалал-Абад", "Джалал-Абад", "Jalal-Abad", "ЖАЛАЛ АБАД", "Jalalabad"])
def test_spellings_of_jalal_abad_meet(session, spelling):
    similarity = session.scalar(
        text("SELECT word_similarity(fold_name(:q), fold_name('Жалал-Абад облусу'))"), {"q": spelling}
    )

    assert similarity >= 0.5


def test_numbers_stay_apart(session):
    assert session.scalar(text("SELECT fold_name('№ 11') <> fold_name('№ 1')"))
