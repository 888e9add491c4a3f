"""Servers of forms are read to their last page, and whatever they say, only their own addresses are opened."""

from __future__ import annotations

import io
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from PIL import Image
from sqlalchemy import text

from app.workflows import form_server
from app.workflows.field_connections import NO_SECRET, connect, read_connection
from app.workflows.form_server import (
    AddressRefusedError,
    FormServer,
    ServerError,
    checked_origin,
    fetch,
    is_form,
    read_server,
)
from app.workflows.jobs import JobFailedError
from geodata.errors import FileRefusedError
from tests.factories.schools import make_school
from tests.support.field_forms import kobo, odk, shipped_edition
from tests.support.form_servers import ACCOUNT, FORM, TOKEN, UID, Fake, serving


@pytest.fixture
def fake():
    with serving(Fake()) as server:
        yield server


@pytest.fixture
def elsewhere():
    with serving(Fake()) as server:
        yield server


def reader(fake, kind="kobo", secret=None):
    return FormServer(
        kind, fake.origin, UID if kind == "kobo" else FORM, secret or (TOKEN if kind == "kobo" else ACCOUNT)
    )


def sent(kind, count):
    make = kobo if kind == "kobo" else odk
    return [make("e/1", f"S-{at}", {"SOC-06": "meets"}, instance=f"i-{at}") for at in range(count)]


@pytest.mark.parametrize("kind", ["kobo", "odk"])
def test_all_pages_are_read_in_their_order(fake, kind):
    fake.results = sent(kind, 5)

    found = read_server(reader(fake, kind)).submissions

    assert [(one.row, one.instance_id) for one in found] == [(at + 1, f"i-{at}") for at in range(5)]
    assert len(fake.asked) == 3


FAULTS = {
    "a wrong secret": (lambda _: (401, {}, b"{}"), ServerError, form_server.STATUS),
    "a fault of the server": (lambda _: (502, {}, b"<html>Bad gateway</html>"), ServerError, form_server.STATUS),
    "a page in place of data": (lambda _: (200, {}, b"<!doctype html><title>Sign in</title>"), FileRefusedError, None),
    "data cut off": (lambda _: (200, {}, b'{"results": [{"_uuid": "a'), FileRefusedError, None),
    "less than was promised": (lambda _: (200, {"Content-Length": "900"}, b"{}"), ServerError, form_server.NO_ANSWER),
    "another shape": (lambda _: (200, {}, b'{"detail": "Not found."}'), FileRefusedError, None),
}


@pytest.mark.parametrize(("instead", "error", "message"), FAULTS.values(), ids=FAULTS)
def test_a_server_that_does_not_give_forms_is_told_and_nothing_comes_of_it(fake, instead, error, message):
    fake.instead = instead

    with pytest.raises(error) as raised:
        read_server(reader(fake))

    assert getattr(raised.value, "message", None) == message


def test_an_answer_without_end_is_cut(fake, monkeypatch):
    monkeypatch.setattr(form_server, "LARGEST_PAGE", 100)
    fake.results = sent("kobo", 1)

    with pytest.raises(ServerError) as raised:
        fetch(reader(fake), reader(fake).first_page, 100)

    assert raised.value.message == form_server.TOO_LARGE


def test_pages_without_end_are_noticed(fake):
    fake.results = sent("kobo", 5)
    fake.following = lambda _: reader(fake).first_page

    with pytest.raises(ServerError) as raised:
        read_server(reader(fake))

    assert raised.value.message == form_server.ENDLESS


def test_a_server_that_is_not_there_is_told():
    with pytest.raises(ServerError) as raised:
        read_server(FormServer("kobo", "http://127.0.0.1:9", UID, TOKEN))

    assert raised.value.message == form_server.NO_ANSWER


def test_neither_redirects_nor_pages_nor_files_lead_to_another_server(fake, elsewhere):
    fake.instead = lambda _: (302, {"Location": f"{elsewhere.origin}/"}, b"")
    with pytest.raises(ServerError) as moved:
        read_server(reader(fake))
    fake.instead = lambda _: None
    fake.results = sent("kobo", 3)
    fake.results[0]["_attachments"] = [
        {"filename": "surveyor/attachments/p.jpg", "mimetype": "image/jpeg", "question_xpath": "d/SOC_06_photo",
         "download_url": "http://169.254.169.254/latest/meta-data"},
    ]  # fmt: skip
    fake.following = lambda _: f"{elsewhere.origin}/api/v2/assets/{UID}/data.json?start=2"

    delivery = read_server(reader(fake))

    assert moved.value.message == form_server.MOVED
    assert len(delivery.submissions) == 2
    assert [(one.row, one.column, one.code) for one in delivery.problems] == [
        (None, "next", "page_elsewhere"), (1, "SOC_06_photo", "photo_elsewhere"),
    ]  # fmt: skip
    assert elsewhere.asked == []
    with pytest.raises(ServerError):
        fetch(reader(fake), f"{elsewhere.origin}/anything")


@pytest.mark.parametrize(
    "address",
    ["http://kobo.test", "ftp://kobo.test", "https://", "https://a:b@kobo.test", "file:///etc/passwd", "kobo.test", "",
     "https://kobo.test\n.evil.test", "https://[::1", "https://kobo.test:99999", "https://кобо.тест", "javascript:x"],
)  # fmt: skip
def test_addresses_that_no_connection_may_have(address):
    with pytest.raises(AddressRefusedError):
        checked_origin(address)


def test_an_origin_is_scheme_host_and_port_and_http_is_for_this_machine_only():
    assert checked_origin(" https://Kobo.test:8443/path?x#y") == "https://kobo.test:8443"
    assert checked_origin("http://127.0.0.1:80") == "http://127.0.0.1:80"
    assert not is_form("kobo", "a/../b")
    assert not is_form("odk", "1/../../x/y")
    assert is_form("odk", FORM)
    assert is_form("kobo", UID)


@pytest.fixture
def context(session, tmp_path):
    @contextmanager
    def open_session():
        yield session

    settings = SimpleNamespace(field_secrets={}, evidence_dir=tmp_path)
    return SimpleNamespace(open_session=open_session, settings=settings, report=lambda *_: None)


def test_a_connection_is_read_by_the_worker_and_again_without_a_change(session, fake, context):
    mark = shipped_edition(session)
    schools = [make_school(session) for _ in range(3)]
    fake.results = [kobo(mark, one.code, {"SOC-06": "meets"}) for one in schools]
    secrets = {fake.origin: TOKEN}
    number = connect(session, title="Талас", kind="kobo", address=fake.origin, form=UID, secrets=secrets).id

    with pytest.raises(JobFailedError) as closed:
        read_connection(context, connection_id=number)
    context.settings.field_secrets = secrets
    address = read_connection(context, connection_id=number)
    read_connection(context, connection_id=number)

    assert closed.value.message == NO_SECRET
    assert address == "field/submissions"
    assert session.scalar(text("SELECT count(*) FROM submission WHERE status = 'taken'")) == 3
    outcome = session.scalar(text("SELECT outcome FROM field_connection"))
    assert (outcome["received"], outcome["unchanged"], outcome["added"]) == (3, 3, 0)


def picture():
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, "JPEG")
    return made.getvalue()


def test_photos_of_forms_become_evidence_once_and_what_is_none_is_told(session, fake, context):
    mark = shipped_edition(session)
    school = make_school(session)
    names = ("good.jpg", "page.jpg", "gone.jpg", "elsewhere.jpg")
    codes = ("SOC_06", "SOC_07", "SOC_08", "SOC_09")
    one = kobo(
        mark,
        school.code,
        {"SOC-06": "meets"},
        **{f"{code}_photo": name for code, name in zip(codes, names, strict=True)},
    )
    places = {name: f"{fake.origin}/api/v2/assets/{UID}/files/{name}" for name in names}
    places["elsewhere.jpg"] = "https://evil.test/elsewhere.jpg"
    one["_attachments"] = [{"filename": f"u/{name}", "download_url": place} for name, place in places.items()]
    fake.results = [one]
    fake.files = {f"/api/v2/assets/{UID}/files/good.jpg": picture(), f"/api/v2/assets/{UID}/files/page.jpg": b"<html>"}
    context.settings.field_secrets = {fake.origin: TOKEN}
    number = connect(
        session, title="Нарын", kind="kobo", address=fake.origin, form=UID, secrets=context.settings.field_secrets
    ).id

    read_connection(context, connection_id=number)
    read_connection(context, connection_id=number)

    rows = session.execute(text("SELECT kind, media_type, taken_on::text FROM evidence")).all()
    assert [tuple(row) for row in rows] == [("photo", "image/jpeg", "2026-05-02")]
    problems = session.scalar(text("SELECT problems FROM submission"))
    assert sorted((told["column"], told["code"]) for told in problems) == [
        ("SOC_07_photo", "photo_not_picture"), ("SOC_08_photo", "photo_missing"), ("SOC_09_photo", "photo_elsewhere"),
    ]  # fmt: skip
    assert session.scalar(text("SELECT status FROM submission")) == "taken"
