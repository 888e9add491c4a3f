"""What servers of forms send is read as data, whatever it is."""

from __future__ import annotations

import json

import pytest

from geodata.errors import FileRefusedError
from geodata.readers.submissions import join_tables, load_json, read_json, read_moment, read_submission
from tests.support.field_forms import kobo, kobo_page, odk, odk_page

PAGE = kobo_page([kobo("e/1", "S-1", {"SOC-06": "meets"})])
BLOCK = {"block_code": "B", "STR_03": "fails"}


def deep(levels: int) -> bytes:
    return b'{"results": [' + b'{"a":' * levels + b"1" + b"}" * levels + b"]}"


REFUSED = {
    "an error page": (b"<!doctype html><title>502 Bad Gateway</title>", "submissions_html"),
    "an error page after blanks": (b"\n  <html><body>Sign in</body>", "submissions_html"),
    "cut off": (PAGE[: len(PAGE) // 2], "submissions_cut_off"),
    "cut off in a string": (b'{"results": [{"_uuid": "abc', "submissions_cut_off"),
    "not JSON": (b'{"results": [,]}', "submissions_no_json"),
    "infinite numbers": (b'{"results": [{"_uuid": Infinity}]}', "submissions_no_json"),
    "not UTF-8": ('{"a": "көчө"}'.encode("utf-16"), "submissions_not_text"),
    "nothing": (b" \n", "file_empty"),
    "another shape": (b'{"detail": "Not found."}', "submissions_shape"),
    "a list of numbers": (b"[1, 2]", "submissions_shape"),
    "a number": (b"7", "submissions_shape"),
    "nesting without end": (deep(50_000), "submissions_no_json"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_list_of_forms_is_refused_whole_with_its_reason(content, code):
    with pytest.raises(FileRefusedError) as refused:
        read_json(content)

    assert refused.value.problem.code == code


def test_deep_nesting_is_cut():
    (one,) = read_json(deep(400)).submissions

    assert one.instance_id is None
    assert len(json.dumps(one.raw)) < 20_000


def test_kobo_paths_and_repeats_become_names():
    sent = kobo("e/1", "S-1", {"SOC-06": "meets"}, blocks=(BLOCK,), instance="i-2", replaces="i-1", root="i-0")
    (one,) = read_json(kobo_page([sent])).submissions

    assert (one.instance_id, one.version_id, one.deprecated_id, one.is_edit) == ("i-0", "i-2", "i-1", True)
    assert {name: one.values[name] for name in ("edition", "school", "kind", "SOC_06")} == {
        "edition": "e/1", "school": "S-1", "kind": "self", "SOC_06": "meets",
    }  # fmt: skip
    assert one.blocks == (BLOCK,)
    assert one.submitted_at is not None
    assert one.submitted_by == "surveyor"


def test_odata_groups_and_repeats_become_the_same_names():
    sent = odk("e/1", "S-1", {"SOC-06": "meets"}, blocks=(BLOCK,), instance="i-1", edits=2)
    (one,) = read_json(odk_page([sent])).submissions

    assert (one.instance_id, one.is_edit) == ("i-1", True)
    assert one.version_id != "i-1"
    assert (one.values["school"], one.values["SOC_06"]) == ("S-1", "meets")
    assert {name: one.blocks[0][name] for name in BLOCK} == BLOCK
    assert (one.form_version, one.submitted_by) == ("v1", "surveyor")


def test_an_export_with_labels_is_read_through_them():
    labels = {"SOC-06. Мектепте психолог бар/жок.": "SOC_06", "Мектеп": "school"}
    row = {"Баруу/Мектеп": "№ 5 (S-1)", "D/SOC-06/SOC-06. Мектепте психолог бар/жок.": "Аткарылбайт", "_uuid": "i-1"}

    one = read_submission(row, 3, labels)

    assert (one.row, one.instance_id, one.values) == (
        3, "i-1", {"school": "№ 5 (S-1)", "SOC_06": "Аткарылбайт", "_uuid": "i-1"},
    )  # fmt: skip


@pytest.mark.parametrize(("key", "parent"), [("_index", "_parent_index"), ("KEY", "PARENT_KEY")])
def test_sheets_of_an_export_are_joined(key, parent):
    main = [{key: "1", "school": "S-1"}, {key: "2", "school": "S-2"}]
    repeats = [{parent: "2", "block_code": "B"}, {parent: "9", "block_code": "lost"}]

    first, second = join_tables(main, repeats)

    assert (first["block"], second["block"]) == ([], [repeats[0]])


def test_moments_without_a_zone_are_of_the_server_and_nonsense_is_none():
    assert read_moment("2026-05-02T09:00:00") == read_moment("2026-05-02T15:00:00+06:00")
    assert read_moment("yesterday") is read_moment("") is read_moment("0000-00-00") is None


def test_numbers_of_json_keep_their_form():
    values = read_submission({"_uuid": "i", "a": 3.0, "b": 2.5, "c": True, "d": None, "e": " x "}, 1).values

    assert values == {"_uuid": "i", "a": "3", "b": "2.5", "c": "true", "e": "x"}


def test_load_json_takes_a_mark_of_byte_order():
    assert load_json(b"\xef\xbb\xbf[]") == []
