"""Files are judged by their content; copies hold nothing but the dots."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from app.workflows import evidence_files, pictures


def jpeg(size=(640, 480), **options):
    out = BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, "JPEG", **options)
    return out.getvalue()


def with_place():
    """A photo whose camera wrote where it stood, its name, and which side is up."""
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by a quarter
    exif[0x010F] = "CAMERA-q7zx"
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 52.0, 30.0), 3: "E", 4: (74.0, 34.0, 10.0)})
    return jpeg(exif=exif, comment=b"COMMENT-q7zx")


def test_copies_hold_no_place_device_or_comment_and_stand_upright():
    photo = with_place()
    assert b"q7zx" in photo
    assert Image.open(BytesIO(photo)).getexif().get_ifd(0x8825)

    judged = pictures.judge(photo)

    assert (judged.kind, judged.media_type, judged.width, judged.height) == ("photo", "image/jpeg", 480, 640)
    for copy in (judged.shown, judged.thumbnail):
        shown = Image.open(BytesIO(copy.data))
        assert b"q7zx" not in copy.data
        assert b"Exif" not in copy.data
        assert not shown.getexif()
        assert "comment" not in shown.info
        assert shown.format == "JPEG"
    assert max(Image.open(BytesIO(judged.thumbnail.data)).size) == 320
    assert judged.original.data == photo


def test_large_photos_are_shown_smaller():
    judged = pictures.judge(jpeg((4000, 3000)))

    assert (judged.width, judged.height) == (1600, 1200)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_pictures_are_taken_too(form):
    out = BytesIO()
    Image.new("RGBA", (9, 9), (255, 0, 0, 99)).save(out, form)

    assert pictures.judge(out.getvalue()).kind == "photo"


def bomb():
    """Return a PNG of a few kilobytes that unpacks to 400 megabytes."""
    out = BytesIO()
    Image.new("1", (60_000, 60_000)).save(out, "PNG")
    return out.getvalue()


def flood():
    """Return a PNG of 57 bytes that claims 3.6 thousand million dots."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = [head, b"IDAT", b"IEND"]
    chunks = [struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def document(end=b"%%EOF\n"):
    return b"%PDF-1.7\n" + b"1 0 obj<<>>endobj\n" + end


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_missing"),
        (b"<!doctype html><script>alert(1)</script>", "file_kind"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "file_kind"),
        (b"GIF89a/*\x00\x00*/=1;alert(1)//", "file_kind"),
        (b"PK\x03\x04" + b"0" * 100, "file_kind"),
        (b"MZ" + b"\0" * 200, "file_kind"),
        (jpeg()[:4000], "picture_damaged"),
        (jpeg() + b"\0" * pictures.LARGEST_PHOTO, "file_large"),
        (flood(), "picture_flood"),
        (document(b""), "file_kind"),
        (document() + b"0" * pictures.LARGEST_DOCUMENT, "file_large"),
    ],
)
def test_what_is_no_photo_or_document_is_refused(data, code):
    with pytest.raises(pictures.PictureError) as told:
        pictures.judge(data)

    assert told.value.code == code


def test_a_bomb_is_refused_before_it_is_unpacked():
    import resource

    data = bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(pictures.PictureError, match="picture_flood"):
        pictures.judge(data)

    assert len(data) < 2_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_a_document_is_kept_and_has_no_public_copy():
    judged = pictures.judge(document())

    assert (judged.kind, judged.media_type, judged.shown, judged.thumbnail) == (
        "document",
        "application/pdf",
        None,
        None,
    )


def test_files_lie_under_their_hash_and_damage_is_noticed(tmp_path):
    copies = [pictures.Copy(b"one"), pictures.Copy(b"two")]
    names = [evidence_files.keep(tmp_path, one) for one in copies]
    assert evidence_files.keep(tmp_path, copies[0]) == names[0]
    assert evidence_files.damaged(tmp_path, names) == []

    evidence_files.path_of(tmp_path, names[0]).write_bytes(b"other")
    evidence_files.path_of(tmp_path, names[1]).unlink()

    assert evidence_files.damaged(tmp_path, names) == sorted(names)
    with pytest.raises(ValueError, match="SHA-256"):
        evidence_files.path_of(tmp_path, "../../etc/passwd")
