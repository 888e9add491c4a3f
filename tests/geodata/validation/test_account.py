"""Whatever a table holds: each row is accepted, refused with a reason, or left out; nothing else is raised."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.records.table import RawRow, RawTable
from geodata.validation import KINDS, KnownCriterion, validate
from geodata.validation.columns import FIELDS, headings_of
from geodata.validation.problems import MESSAGES
from tests.support.import_files import context

CELLS = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.sampled_from(
        ["00000001", "41.43", "75.99", "41704245000000", "KG04220000000", "ИТОГО", "нет", "1 200", "1,5", "2024-04-15",
         "42°", "STR-03", "ооба", "саман", "1e999", "٣", "²", "\u200b", "S1", "B1", "=1", "0", "-1", "II", "KG", "417"]
    ),
    st.floats().map(str),
    st.integers().map(str),
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_row_is_accounted_for(kind, data):
    known = [headings_of(kind, field.name)[-1] for field in FIELDS[kind]]
    columns = data.draw(
        st.lists(
            st.one_of(st.sampled_from(known), st.text(min_size=1, max_size=8)), min_size=1, max_size=9, unique=True
        )
    )
    rows = data.draw(st.lists(st.tuples(*[CELLS] * len(columns)), max_size=8))
    mapping = data.draw(
        st.one_of(
            st.none(),
            st.dictionaries(
                st.sampled_from([field.name for field in FIELDS[kind]]), st.sampled_from(columns), max_size=8
            ),
        )
    )
    table = RawTable(tuple(columns), [RawRow(number, cells) for number, cells in enumerate(rows, start=2)])
    criteria = {"STR-03": KnownCriterion("STR-03", "school"), "SITE-01": KnownCriterion("SITE-01", "site")}

    checked = validate(
        kind, table, mapping, context(school_codes={"S1"}, building_schools={"B1": "S1"}, criteria=criteria)
    )

    accepted = {number for number, _ in checked.records}
    groups = [accepted, set(checked.refused), set(checked.left_out)]
    assert sum(map(len, groups)) == len(rows)
    assert set().union(*groups) == {row.number for row in table.rows}
    named = {problem.row for problem in checked.problems if problem.severity == "error"}
    assert set(checked.refused) <= named or checked.file_is_refused
    assert {problem.code for problem in checked.problems} <= MESSAGES.keys()
