"""Pages of the official list: its history, the check of a hash, what changed, and making one official."""

import pytest
from sqlalchemy import select, update

from app.web.official.forms import read_hash
from app.web.official.words import PARTS
from app.workflows.make_official import Approval, make_official
from app.workflows.rank_schools import rank_schools
from geodata.models import BackgroundJob, OfficialList, Run, RunKit, School
from geodata.queries import official_splits, run_kits
from tests.factories.country import make_country
from tests.factories.officers import make_officer
from tests.support.pages import PageClient, check
from tests.support.web import csrf_token, sign_in

PASSWORD = "correct horse battery"
APPROVAL = Approval("budget of 2027", "Order No. 41")


@pytest.fixture
def lists(session):
    """Two official lists, the second after a school got more pupils, and a ranking that is not official."""
    country = make_country(session)
    runs = []
    for pupils in (600, 900, 1200):
        session.execute(update(School).where(School.id == country.schools["S1"].id).values(pupils=pupils))
        run = session.get(Run, rank_schools(session).run_id)
        runs.append(run)
        if pupils < 1200:
            make_official(session, run, APPROVAL)
    return runs


@pytest.fixture
def reader(lists, app):
    return PageClient(app)


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_page_is_sound_in_every_language(reader, lists, language):
    first, second, _ = lists
    for path in (
        "official", "official?date=2020-01-01", "verify", f"verify?hash={second.hash}", f"runs/{second.hash[:16]}",
        f"runs/{second.hash[:16]}/changes", f"runs/{second.hash[:16]}/changes?reason=data", f"runs/{first.hash}",
    ):  # fmt: skip
        reader.get(f"/{language}/priorities/{path}")


def test_a_run_says_who_made_it_official_and_what_superseded_it(reader, lists):
    first, second, third = lists

    assert "Order No. 41" in reader.get(f"/en/priorities/runs/{second.hash}").text
    assert "formerly official, superseded" in reader.get(f"/en/priorities/runs/{first.hash}").text
    assert "published, not official" in reader.get(f"/en/priorities/runs/{third.hash}").text


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        (0, "This list was official and has been superseded."),
        (1, "This is the official list in force."),
        (2, "This ranking was published here, and was never official."),
        (None, "No list of ours bears this hash."),
    ],
)
def test_a_pasted_hash_is_told_what_it_is(reader, lists, number, answer):
    wanted = "0123456789abcdef" if number is None else lists[number].hash

    assert answer in reader.get(f"/en/priorities/verify?hash={wanted}").text


def test_a_run_that_nobody_published_is_unknown(reader, lists, session):
    session.execute(update(Run).where(Run.id == lists[2].id).values(is_published=False))

    assert "No list of ours bears this hash." in reader.get(f"/en/priorities/verify?hash={lists[2].hash}").text


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("ABCDEF0123456789", "abcdef0123456789"),
        ("https://mektep.kg/r/abcdef0123456789 .", "abcdef0123456789"),
        ("abcd ef01 2345 6789", "abcdef0123456789"),
        ("abcdef", None),
        ("%%%% ' OR 1=1", None),
        ("", None),
    ],
)
def test_a_hash_is_read_out_of_what_people_paste(pasted, found):
    assert read_hash(pasted) == found


def test_changes_name_the_school_its_ranks_and_the_reason(reader, lists):
    page = reader.get(f"/en/priorities/runs/{lists[1].hash}/changes")
    moved = next(row for row in page.rows() if "S1" in row[2])

    assert moved[3].startswith("Knowledge changed")
    assert reader.client.get(f"/en/priorities/runs/{lists[0].hash}/changes").status_code == 404
    assert reader.client.get(f"/en/priorities/runs/{lists[1].hash}/changes?reason=x").status_code == 400


def test_changes_come_as_a_file(reader, lists):
    answer = reader.client.get(f"/en/priorities/runs/{lists[1].hash}/changes.csv")
    lines = answer.get_data().decode("utf-8-sig").splitlines()

    assert lines[0].startswith("code,name,old_rank,new_rank,old_priority")
    assert sorted(line.split(",")[0] for line in lines[1:]) == ["S1", "S2", "S3", "S4"]
    assert reader.client.get(f"/en/priorities/runs/{lists[1].hash}/changes.xlsx").data[:2] == b"PK"


def test_the_list_of_a_day_is_asked_for_by_date(reader):
    assert "no list was official" in reader.get("/en/priorities/official?date=2020-01-01").text
    assert reader.client.get("/en/priorities/official?date=2999-01-01").status_code == 400
    assert reader.client.get("/en/priorities/official?date=x").status_code == 400


def enter(app, session, role):
    officer = make_officer(session, role, password=PASSWORD, is_synthetic=True)
    client = app.test_client()
    assert sign_in(client, officer.name, PASSWORD).status_code == 303
    return client


def post(client, address, **form):
    return client.post(address, data={"csrf_token": csrf_token(client, "/en/priorities"), **form})


@pytest.mark.parametrize("role", ["oblast", "auditor", "school"])
def test_others_see_no_form_and_are_refused(app, session, lists, role):
    client = enter(app, session, role)
    address = f"/en/priorities/runs/{lists[2].hash}"

    assert 'name="document"' not in client.get(address).text
    assert post(client, f"{address}/official", reason="a", document="b").status_code == 403
    assert post(client, f"{address}/kit").status_code == 403


def test_a_planner_makes_a_list_official_and_its_kit_is_begun(app, session, lists):
    client = enter(app, session, "planner")
    address = f"/en/priorities/runs/{lists[2].hash}"
    empty = post(client, f"{address}/official", reason="", document="Order 7", document_on="x")
    assert empty.status_code == 422
    assert 'value="Order 7"' in empty.text
    check(f"{address}/official", empty)
    made = post(client, f"{address}/official", reason="new data", document="Order 7", document_on="2026-11-30")

    assert made.status_code == 303
    assert session.scalars(select(OfficialList.run_id).order_by(OfficialList.id.desc())).first() == lists[2].id
    assert session.scalars(select(BackgroundJob.kind)).all() == ["kit"]
    assert post(client, f"{address}/official", reason="again", document="Order 7").status_code == 409


def test_a_kit_that_is_begun_already_does_not_stand_in_the_way_of_a_decision(app, session, lists):
    client = enter(app, session, "planner")
    address = f"/en/priorities/runs/{lists[2].hash}"
    begun = [post(client, f"{address}/kit").status_code for _ in range(2)]

    assert begun == [303, 303]
    assert post(client, f"{address}/official", reason="new data", document="Order 7").status_code == 303


def test_the_kit_is_sent_as_it_is_kept(reader, lists, session):
    address = f"/en/priorities/runs/{lists[1].hash}/kit.zip"
    assert reader.client.get(address).status_code == 404
    run_kits.add_kit(session, lists[1].id, b"PK kit", "e" * 64)
    answer = reader.client.get(address)

    assert (answer.data, answer.mimetype) == (b"PK kit", "application/zip")
    assert "kit.zip" in reader.get(f"/en/priorities/runs/{lists[1].hash}").html
    assert session.scalar(select(RunKit.size_bytes)) == 6


def test_the_changes_tell_points_and_places_by_the_exact_split_where_there_is_one(session, reader, lists):
    second = lists[1]
    number = session.scalar(select(OfficialList.id).where(OfficialList.run_id == second.id))
    schools = session.scalars(select(School.id).order_by(School.code)).all()
    columns = [f"points_{part}" for part in PARTS] + [f"places_{part}" for part in (*PARTS, "others")]
    rows = [dict.fromkeys(columns, 0.0) | {"school_id": school, "reason": "same"} for school in schools]
    rows[0] |= {"points_undivided": 7.125, "places_undivided": -1.5, "reason": "undivided"}
    official_splits.add_split(session, number, second.id, rows)
    address = f"/en/priorities/runs/{second.hash[:16]}/changes"
    page = reader.get(f"{address}?reason=undivided")
    file = reader.client.get(f"{address}.csv").get_data().decode("utf-8-sig").splitlines()

    assert "Split exactly" in page.text
    told = [row[2] for row in page.rows() if "places" in row[-1]]
    assert len(told) == 1
    assert "S1" in told[0], "the reason is that of the split"
    assert "places: −1.5" in page.text
    assert [line for line in file if ",7.125," in line and ",-1.5," in line]


def test_the_split_is_begun_by_who_ranks_and_only_with_both_kits(app, session, lists):
    client = enter(app, session, "planner")
    address = f"/en/priorities/runs/{lists[1].hash}/changes"
    without = client.get(address).text
    for run in lists[:2]:
        run_kits.add_kit(session, run.id, b"PK", "0" * 64)
    offered = client.get(address).text
    begun = post(client, address)

    assert ("Split exactly, by" in without, "Split exactly, by" in offered) == (False, True)
    assert begun.status_code == 303
    assert session.scalars(select(BackgroundJob.kind)).all() == ["split"]
