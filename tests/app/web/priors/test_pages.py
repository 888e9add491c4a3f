"""Tables of priors on a page and as files: in force, frozen former ones, none at all, and who may count a new one."""

import hashlib
import json
import re

import pytest
from sqlalchemy import select, update

from app.risk.parameters import default_parameters
from app.workflows.make_priors import make_priors, put_in_force
from app.workflows.rank_schools import rank_schools
from geodata.models import BackgroundJob, Building, Run
from tests.app.workflows.test_make_priors import FEW
from tests.factories.country import make_country
from tests.factories.officers import make_officer
from tests.support.pages import PageClient
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
HOME = "/en/method/priors"


@pytest.fixture
def made(session):
    """Two tables, the second after a building of S2 became another one; the second is in force."""
    country = make_country(session)
    make_priors(session, FEW)
    session.execute(update(Building).where(Building.code == "S2-1").values(building_type="KG-RCW", year_built=2015))
    make_priors(session, FEW)
    return country


@pytest.fixture
def reader(made, app):
    return PageClient(app)


def cells(page, beginning):
    return next(row for row in page.rows() if row[0].startswith(beginning))


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_page_is_sound_in_every_language(reader, language):
    for path in ("", "/1", "/2?area=R1", "/1?area=O1&group=all", "/2?group=R1~2010~KG-RCW"):
        reader.get(f"/{language}/method/priors{path}")


def test_the_page_says_which_table_is_in_force_and_shows_its_shares(reader):
    page = reader.get(f"{HOME}?area=R1")
    former = reader.get(f"{HOME}/1?area=R1")

    assert "Table 2 is in force." in page.text
    assert cells(former, "Adobe")[1] == "11.8%"  # 2 of 17
    assert cells(page, "Adobe")[-1] == "6.2%"  # 1 of 16: the adobe building turned out to be another one
    assert cells(former, "Surveyed buildings")[1] == "3"
    assert cells(page, "Table 2")[5].startswith("since")
    assert cells(page, "Table 1")[5] == "no longer"


def test_rates_stand_with_their_requirement_and_how_many_were_counted(reader):
    row = cells(reader.get(HOME), "STR-01")

    assert row[1:] == ["c", "3", "60.0%"]


def test_without_a_table_in_force_the_page_says_what_counts_instead(reader, session):
    put_in_force(session, None)
    page = reader.get(HOME)

    assert "No table is in force" in page.text
    assert "50%" in page.text
    assert "Shares of types" not in page.text
    assert cells(page, "Table 2")[5] == "no longer"


def test_a_place_without_priors_has_the_page_too(app):
    assert "No table has been counted yet." in PageClient(app).get(HOME).text


@pytest.mark.parametrize("wish", ["area=R9", "group=x", "area=R2"])
def test_an_area_or_group_that_the_table_does_not_name_is_refused_with_what_is_possible(reader, wish):
    answer = reader.client.get(f"{HOME}/2?{wish}")

    assert answer.status_code == 400


def test_a_table_that_was_never_counted_is_not_found(reader):
    assert reader.client.get(f"{HOME}/9").status_code == 404
    assert reader.client.get(f"{HOME}/9/types.csv").status_code == 404


def test_the_files_are_the_bytes_that_a_ranking_names_by_hash(reader, session):
    run = session.get(Run, rank_schools(session).run_id)
    named = json.loads(run.canonical)["inputs"]

    for table, name in (("types", "type_priors"), ("answers", "answer_priors")):
        body = reader.client.get(f"{HOME}/2/{table}.csv").data
        assert hashlib.sha256(body).hexdigest() == named[name]


@pytest.mark.parametrize(("language", "words"), [("en", "unknown"), ("ru", "неизвестен"), ("ky", "белгисиз")])
@pytest.mark.parametrize("table", ["types", "answers"])
def test_beside_each_file_stands_what_its_codes_for_unknown_and_all_mean(reader, table, language, words):
    place = f"/{language}/method/priors/2/{table}.csv"
    answer = reader.client.get(place)
    told = reader.client.get(f"{place}-metadata.json").json
    columns = {one["name"]: one for one in told["tableSchema"]["columns"]}

    assert f"{place}-metadata.json" in answer.headers["Link"]
    assert told["url"] == f"{table}.csv"
    assert list(columns) == answer.text.splitlines()[0].split(",")
    assert all(one in columns["decade"]["dc:description"] for one in ("0:", "-1:", words))
    assert columns["decade"]["datatype"] == "integer"
    assert columns["area"]["datatype"] == "string"


def test_on_a_phone_each_share_stands_with_its_decade(reader):
    html = reader.get(f"{HOME}?area=R1").html
    shares = html.partition("Shares of types")[2].partition("</table>")[0]

    assert re.findall(r"<td(?![^>]*data-word=)", shares) == []
    assert 'data-word="2010s"' in shares


def enter(app, session, role):
    officer = make_officer(session, role, password=PASSWORD, is_synthetic=True)
    client = app.test_client()
    assert sign_in(client, officer.name, PASSWORD).status_code == 303
    return client


def test_who_ranks_has_a_new_table_counted_by_the_worker(app, session, made):
    client = enter(app, session, "planner")
    answer = client.post(HOME, data={"csrf_token": csrf_token(client, HOME)})
    again = client.post(HOME, data={"csrf_token": csrf_token(client, HOME)})

    assert (answer.status_code, again.status_code) == (303, 303)
    assert answer.location == again.location, "one counting at a time"
    assert session.scalars(select(BackgroundJob.kind).where(BackgroundJob.kind == "priors")).all() == ["priors"]


@pytest.mark.parametrize("role", ["auditor", "school"])
def test_others_see_no_button_and_are_refused(app, session, made, role):
    client = enter(app, session, role)

    assert "Count a new table" not in client.get(HOME).text
    assert client.post(HOME, data={"csrf_token": csrf_token(client, HOME)}).status_code == 403


def test_a_school_that_nobody_assessed_is_said_to_stand_by_the_table(reader, session):
    rank_schools(session)
    session.flush()
    told = reader.get("/en/schools/S3/why").text

    assert "Unknown, counted by the table of priors: " in told
    assert default_parameters()["priority.unknown_value"] == 0.5
