"""What is around a school is found by the index of places, in a country of many schools too."""

import re

from sqlalchemy import text

from geodata.database import set_scope
from geodata.queries import travel

ROWS = re.compile(r"actual time=\S+ rows=(\d+)")
SCHOOLS = 30_000


def test_surroundings_of_a_school_read_what_is_near_in_spite_of_row_security(session):
    session.execute(
        text(
            "INSERT INTO school (code, name_ky, location) SELECT 'Q-' || n, 'м', "
            "ST_SetSRID(ST_MakePoint(70 + (n % 300) / 30.0, 39.5 + (n / 300) / 25.0), 4326) "
            "FROM generate_series(0, :most) AS n"
        ),
        {"most": SCHOOLS - 1},
    )
    session.execute(text("ANALYZE school"))
    session.execute(text("SET LOCAL seq_page_cost = 0.001"))  # a table read whole looks cheap, as it may to any server
    session.execute(text("SET LOCAL random_page_cost = 8"))
    here = session.scalar(text("SELECT id FROM school WHERE code = 'Q-15150'"))
    set_scope(session, "public")
    values = {"school_id": here, "run_id": None, "most_km": 30.0, "detour": 1.3}

    lines = session.execute(text("EXPLAIN ANALYZE " + travel._NEAR.text), values).scalars()
    most = max(int(rows) for line in lines for rows in ROWS.findall(line))

    assert len(travel.surroundings(session, here, None, 30.0, 1.3).schools) > 100
    assert most < 1_000
