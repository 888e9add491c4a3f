"""The audit in tests: seal a transaction that is never committed, and change what not everybody may see."""

from __future__ import annotations

from sqlalchemy import text


def seal(session):
    """Let the open transaction's link be made now, as its commit would."""
    session.flush()
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def add_restricted_answer(session, school):
    """Add an answer of the protection group, with the edition, criterion and visit that it needs."""
    edition = session.scalar(
        text("""
            INSERT INTO standard_edition (code, title_ky, title_ru, title_en, status, sha256)
            VALUES ('t', 't', 't', 't', 'draft', 'x') RETURNING id
        """)
    )
    criterion = session.scalar(
        text("""
            INSERT INTO criterion (edition_id, code, domain_code, position, text_ky, text_ru, text_en, scope, weight,
                is_critical, grouping, field_class)
            VALUES (:edition, 'p1', 'd', 1, 'x', 'x', 'x', 'school', 1, false, 'protection', 'restricted') RETURNING id
        """),
        {"edition": edition},
    )
    visit = session.scalar(
        text("""
            INSERT INTO assessment (school_id, edition_id, kind, assessed_on)
            VALUES (:school, :edition, 'self', '2026-01-01') RETURNING id
        """),
        {"school": school.id, "edition": edition},
    )
    session.execute(
        text("INSERT INTO restricted_answer (assessment_id, criterion_id, state) VALUES (:visit, :criterion, 'fails')"),
        {"visit": visit, "criterion": criterion},
    )
