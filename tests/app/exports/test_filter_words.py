"""Every order of the list has its word in a file."""

from app.exports.filter_words import SORT_WORDS, filter_words
from geodata.records.priority import SORTS, ListFilter


def test_every_order_that_the_list_knows_is_said_in_a_file():
    assert set(SORT_WORDS) == set(SORTS)
    for order in SORTS[1:]:
        said = dict(filter_words(ListFilter(sort=order), "ky", {}))
        assert all(said.values())
