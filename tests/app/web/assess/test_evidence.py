"""Photos and documents: who adds them, who sees which copy, before and after, and what the public never gets."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text

from tests.app.web.assess.conftest import begin, page_at, token
from tests.factories.officers import become, become_everybody, make_officer
from tests.support.pages import check


def photo(colour="red"):
    out, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "CAMERA-q7zx"
    Image.new("RGB", (400, 300), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def address(desk, place):
    return begin(desk(), place)


def add(client, address, data, criterion="WSH-02", **fields):
    form = {"criterion": criterion, "domain": criterion[:3], "csrf_token": token(client, address), **fields}
    return client.post(f"{address}/evidence", data={**form, "file": (BytesIO(data), "well.jpg")})


def numbers(session):
    become_everybody(session)
    return session.scalars(text("SELECT id FROM evidence ORDER BY id")).all()


def test_a_photo_stands_by_its_question_and_its_original_is_for_those_who_work_there(
    desk, place, app, session, address
):
    client = desk()
    assert add(client, address, photo(), title="The well").status_code == 303
    (number,) = numbers(session)
    shown = page_at(client, f"{address}/domains/WSH")

    assert f"/en/evidence/{number}/thumbnail" in shown.html
    assert "The well" in shown.text
    copies = {copy: client.get(f"/en/evidence/{number}/{copy}") for copy in ("thumbnail", "shown", "original")}
    assert [one.status_code for one in copies.values()] == [200, 200, 200]
    assert b"q7zx" in copies["original"].data
    assert b"q7zx" not in copies["shown"].data + copies["thumbnail"].data
    assert copies["original"].headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in copies["shown"].headers["Content-Security-Policy"]
    visitor = app.test_client()
    for copy in copies:
        assert visitor.get(f"/en/evidence/{number}/{copy}").status_code == 404


def test_the_same_key_is_the_same_photo(desk, place, session, address):
    client, key = desk(), str(uuid4())
    for _ in range(2):
        assert add(client, address, photo(), key=key).status_code == 303

    assert len(numbers(session)) == 1
    assert session.scalar(text("SELECT count(*) FROM answer_change WHERE kind = 'evidence'")) == 1


def test_the_public_sees_published_pictures_in_pairs_and_none_of_protection(desk, place, app, session, address):
    client = desk()
    add(client, address, photo("red"), title="broken roof")
    older = numbers(session)[0]
    client = desk()
    add(client, address, photo("green"), title="mended roof", before=str(older))
    add(client, address, photo("blue"), criterion="SEC-01", domain="SEC", title="guard-q7zx")
    add(client, address, b"%PDF-1.7\n%%EOF\n", title="act of survey")
    every = numbers(session)
    code = place.rayons.own.code
    assert len(every) == 4
    assert "broken roof" not in app.test_client().get(f"/en/schools/{code}/evidence").text

    client.post(f"{address}/submit", data={"csrf_token": token(client, address)})
    walk(session, place, int(address.split("/")[-1]))
    visitor = app.test_client()
    answer = visitor.get(f"/en/schools/{code}/evidence")
    page = check(f"/en/schools/{code}/evidence", answer)

    assert "Before and after" in page.text
    assert "mended roof" in page.text
    assert "act of survey" in page.text
    assert "guard" not in page.text
    seen = {number: visitor.get(f"/en/evidence/{number}/shown").status_code for number in every}
    assert list(seen.values()) == [200, 200, 404, 404]  # the protected one and the document are not public
    assert all(visitor.get(f"/en/evidence/{number}/original").status_code == 404 for number in every)


def walk(session, place, number):
    """Verify and publish as others than who answered."""
    become_everybody(session)
    oblast = make_officer(session, "oblast", area=place.rayons.oblast)
    become(session, oblast)
    for to in ("verified", "published"):
        session.execute(text("UPDATE assessment SET status = :to WHERE id = :id"), {"to": to, "id": number})
    become_everybody(session)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html><script>1</script>", "neither a photo"),
        (b"", "No file was chosen"),
        (photo()[:1500], "cannot be read to its end"),
    ],
)
def test_what_is_no_photo_is_told_in_words_and_nothing_is_kept(desk, place, session, address, data, message):
    client = desk()
    answer = add(client, address, data)

    assert answer.status_code == 422
    assert message in check(address, answer).text
    assert numbers(session) == []


def test_taking_away_leaves_a_note_of_who_did_it(desk, place, session, address):
    client = desk()
    add(client, address, photo())
    (number,) = numbers(session)
    client = desk()
    form = {"csrf_token": token(client, address), "domain": "WSH"}

    assert client.post(f"{address}/evidence/{number}/remove", data=form).status_code == 303
    assert numbers(session) == []
    kinds = session.scalars(text("SELECT kind FROM answer_change ORDER BY received_at, kind")).all()
    assert kinds == ["evidence", "removal"]
    assert client.post(f"{address}/evidence/{number}/remove", data=form).status_code == 404


def test_no_evidence_is_added_once_it_is_submitted(desk, place, address):
    client = desk()
    client.post(f"{address}/submit", data={"csrf_token": token(client, address)})

    assert add(client, address, photo()).status_code == 409
    assert re.search(r"data-evidence", client.get(f"{address}/domains/WSH").text) is None
