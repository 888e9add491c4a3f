"""The filter ``queue``: the schools that the page of queues counts, in every list and file, as things stand today."""

from __future__ import annotations

import pytest

from app.exports.words import QUEUES
from app.workflows.export_list import filter_from_json, filter_to_json
from app.workflows.queue_standing import ask_queue, queue_codes, stand
from geodata.queries import priorities
from geodata.queries.priorities import QueueNotAskedError
from geodata.records.priority import ListFilter
from tests.factories.plans import make_offer
from tests.factories.ranked_country import make_ranked_country
from tests.support.pages import PageClient


@pytest.fixture
def country(session):
    """One school with grade E and works that a design is needed for; the other stands in no queue."""
    made = make_ranked_country(session)
    make_offer(session, made.run, made.worst, "RET")
    session.flush()
    return made


def codes(client, address):
    return [row["code"] for row in client.get(address).json["items"]]


def test_the_filter_knows_the_queues_of_the_rule():
    assert tuple(QUEUES) == queue_codes()


def test_a_queue_leaves_its_schools_in_lists_pages_and_files(client, app, country):
    worst = country.worst.code

    assert codes(client, "/api/v1/priorities?queue=design") == [worst]
    assert codes(client, "/api/v1/schools?queue=design") == [worst]
    assert codes(client, "/api/v1/priorities?queue=build") == []
    assert f",{worst}," in client.get("/api/v1/priorities.csv?queue=design").text
    page = PageClient(app).get("/en/priorities?queue=design")
    assert len(page.rows()) == 1
    assert f"/en/schools/{worst}" in page.html
    assert "Queue: Pay for design" in page.text


def test_a_tile_of_a_queue_is_asked_again_because_documents_come_on_any_day(client, country):
    whole = f"run={country.run.hash}"

    assert "immutable" in client.get(f"/tiles/schools/5/22/11.mvt?{whole}").headers["Cache-Control"]
    assert "immutable" not in client.get(f"/tiles/schools/5/22/11.mvt?{whole}&queue=design").headers["Cache-Control"]


def test_what_the_list_and_the_page_of_queues_hold_is_the_same(session, country):
    found = stand(session, country.run.id)

    for code in queue_codes():
        wanted = ask_queue(session, country.run.id, ListFilter(queue=code))
        listed = {row.school_id for row in priorities.iterate_rows(session, country.run.id, wanted)}
        assert listed == set(found.schools_in(code))


def test_a_queue_that_nobody_asked_for_is_no_whole_list(session, country):
    with pytest.raises(QueueNotAskedError):
        priorities.count_rows(session, country.run.id, ListFilter(queue="design"))


def test_a_job_asks_for_the_queue_itself(session, country):
    wanted = ask_queue(session, country.run.id, ListFilter(queue="design"))

    stored = filter_from_json(filter_to_json(wanted))

    assert stored == ListFilter(queue="design")
    assert ask_queue(session, country.run.id, stored) == wanted
