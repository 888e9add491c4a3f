"""The wizard without JavaScript: file, columns, report, decision, way back, in three languages."""

from __future__ import annotations

import io
import os
import re

import pytest

from app.workflows.import_job import COMMIT, start_import
from geodata.database import make_engine, open_session
from tests.support import database as test_database
from tests.support.importing import NAME, PASSWORD, make_import_app
from tests.support.web import csrf_token, sign_in

HEADING = "коду,name_ky,lat,lon,pupils\n"
FILE = HEADING + "S-1,Ак-Терек мектеби,42.81,74.61,300\nS-2,Көк-Жар мектеби,42.82,74.62,many\n"


@pytest.fixture(scope="module")
def own_database():
    """A database of this module: the wizard commits."""
    made = test_database.create(f"mektep_wizard_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def app(own_database, tmp_path_factory):
    made = make_import_app(own_database, tmp_path_factory.mktemp("var"))
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def operator(app):
    client = app.test_client()
    assert sign_in(client, NAME, PASSWORD).status_code == 303
    return client


def _post(client, address, **form):
    token = csrf_token(client, "/ky/imports")
    return client.post(address, data={"csrf_token": token, **form}, content_type="multipart/form-data")


def _send(client, content=FILE, lang="ky", **form):
    file = (io.BytesIO(content.encode()), "мектептер.csv")
    return _post(client, f"/{lang}/imports", kind="schools", file=file, **form)


def _counts(page: str) -> list[str]:
    return re.findall(r'<dd class="num">([^<]+)</dd>', page)


def test_visitors_are_sent_to_sign_in_and_forms_without_a_token_are_refused(app, operator):
    assert app.test_client().get("/ky/imports").status_code == 303
    assert operator.post("/ky/imports", data={"kind": "schools"}).status_code == 400


@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
def test_a_file_goes_the_whole_way_and_back(operator, lang):
    sent = _send(operator, FILE.replace("S-", f"{lang.upper()}-"), lang)
    assert sent.status_code == 303
    mapping = operator.get(sent.location).text
    assert mapping.count("<h1") == 1
    assert re.search(r'<option value="code" selected>', mapping)
    assert "Ак-Терек мектеби" in mapping

    columns = dict(enumerate(("code", "name_ky", "lat", "lon", "pupils")))
    checked = _post(operator, sent.location, **{f"column-{number}": name for number, name in columns.items()})
    report = operator.get(checked.location).text
    assert _counts(report) == ["2", "1", "0", "0", "1"]
    assert "many" in report
    assert 'name="accept_good_rows" value="yes"' in report
    problems = operator.get(f"{checked.location}/problems.csv")
    assert problems.data.startswith(b"\xef\xbb\xbfrow,column,value,code,message\r\n3,pupils,many,")
    assert operator.get(f"{checked.location}/problems.xlsx").data.startswith(b"PK")
    assert f"{lang.upper()}-1" in operator.get(f"{checked.location}?show=added").text

    taken = _post(operator, f"{checked.location}/commit", accept_good_rows="yes")
    page = operator.get(taken.location).text
    assert f'action="{checked.location}/undo"' in page
    undone = _post(operator, f"{checked.location}/undo")
    assert f'action="{checked.location}/undo"' not in operator.get(undone.location).text


def test_changed_values_are_shown_old_to_new(operator):
    for pupils in ("300", "355"):
        sent = _send(operator, HEADING + f"D-1,Ак-Терек мектеби,42.81,74.61,{pupils}\n")
        names = ("code", "name_ky", "lat", "lon", "pupils")
        checked = _post(operator, sent.location, **{f"column-{n}": name for n, name in enumerate(names)})
        page = operator.get(checked.location).text
        _post(operator, f"{checked.location}/commit")

    assert re.search(r"<del>300</del> → <ins>355</ins>", page)


def test_a_column_that_is_chosen_by_hand_is_followed(operator):
    sent = _send(operator, "a,b,lat,lon,pupils\nH-1,Мектеп,42.8,74.6,70\n")
    names = ("code", "name_ky", "lat", "lon", "")
    checked = _post(operator, sent.location, **{f"column-{n}": name for n, name in enumerate(names)})
    assert "<dd>70</dd>" not in operator.get(f"{checked.location}?show=added").text


def test_a_refused_undo_names_the_later_import(operator):
    names = ("code", "name_ky", "lat", "lon", "pupils")
    batches = []
    for pupils in ("300", "355"):
        sent = _send(operator, HEADING + f"U-1,Ак-Терек мектеби,42.81,74.61,{pupils}\n")
        checked = _post(operator, sent.location, **{f"column-{n}": name for n, name in enumerate(names)})
        _post(operator, f"{checked.location}/commit")
        batches.append(checked.location)

    refused = _post(operator, f"{batches[0]}/undo")

    assert refused.status_code == 409
    assert batches[1].rsplit("/", 1)[-1] in refused.text.split('role="alert"')[1].split("</ul>")[0]


def test_a_refused_file_says_why_and_can_be_set_aside(operator):
    sent = _send(operator, "")
    page = operator.get(sent.location)
    assert 'role="alert"' in page.text
    assert _post(operator, f"{sent.location}/cancel").status_code == 303
    assert _post(operator, f"{sent.location}/cancel").status_code == 409


def test_a_form_without_a_file_comes_back_with_its_choices(operator):
    answer = _post(operator, "/ky/imports", kind="buildings", source="Министрлик")
    assert answer.status_code == 422
    assert '<option value="buildings" selected>' in answer.text
    assert 'value="Министрлик"' in answer.text


def test_a_large_file_becomes_a_job(operator):
    rows = "".join(f"L-{n},Мектеп {n},{42.0 + n / 10000:.4f},74.6,100\n" for n in range(5_001))
    sent = _send(operator, HEADING + rows)
    names = ("code", "name_ky", "lat", "lon", "pupils")
    checked = _post(operator, sent.location, **{f"column-{n}": name for n, name in enumerate(names)})
    assert "/ky/jobs/" in checked.location


def test_codes_are_shown_in_words_and_places_as_people_write_them(operator):
    sent = _send(operator, "code,name_ky,lat,lon,kind\nW-1,Мектеп,42.81,74.61,гимназия\n")
    columns = dict(enumerate(("code", "name_ky", "lat", "lon", "kind")))
    checked = _post(operator, sent.location, **{f"column-{number}": name for number, name in columns.items()})

    shown = re.findall(r"<dd>([^<]+)</dd>", operator.get(f"{checked.location}?show=added").text)

    assert "42.81, 74.61" in shown
    assert "Гимназия мектеби" in shown
    assert not {"gymnasium", "declared", "74.61, 42.81"} & set(shown)


def test_a_batch_that_is_being_taken_in_says_so_and_offers_no_second_time(operator, own_database):
    sent = _send(operator, HEADING + "T-1,Мектеп,42.8,74.6,70\n")
    names = ("code", "name_ky", "lat", "lon", "pupils")
    checked = _post(operator, sent.location, **{f"column-{n}": name for n, name in enumerate(names)})
    assert f'action="{checked.location}/commit"' in operator.get(checked.location).text
    engine = make_engine(own_database.url("mektep_web"))
    with open_session(engine, "national") as session:
        token = start_import(session, int(checked.location.rsplit("/", 1)[1]), COMMIT, account_id=None)
    engine.dispose()

    page = operator.get(checked.location).text

    assert f'href="/ky/jobs/{token}"' in page
    assert f'action="{checked.location}/commit"' not in page
    assert "Файл кабыл алынып жатат." in page
