"""Files of the classes of bad input that nobody has sent yet, built here, read through the sandbox."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import zipfile
from datetime import date

import pytest

from geodata.errors import FileRefusedError
from geodata.readers.sandbox import read_in_sandbox
from tests.support.import_files import BAD_INPUTS

HEAD = "code;name_ky;lat\r\n"
LINE = "00000001;Өзгөн мектеби;41,5\r\n"
RUSSIAN = "code,name_ru\r\n" + "".join(f"{n:04d},Средняя общеобразовательная школа № {n}\r\n" for n in range(30))


def write(tmp_path, content, name="upload.bin"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(tmp_path, content, **options):
    return read_in_sandbox(write(tmp_path, content), **options)


def refusal(tmp_path, content):
    with pytest.raises(FileRefusedError) as caught:
        read(tmp_path, content)
    return caught.value.problem


def collection(*features, **members):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}, ensure_ascii=False)


def feature(kind, coordinates, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def archive(*entries, mode=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if mode:
                info.external_attr = mode << 16
            made.writestr(info, content)
    return buffer.getvalue()


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r", "utf-16", "utf-16-le", "utf-8-sig"])
def test_encodings_are_told_apart(tmp_path, encoding):
    text = RUSSIAN.replace("№", "N")

    table = read(tmp_path, text.encode(encoding))

    assert table.columns == ("code", "name_ru")
    assert table.rows[29].cells == ("0029", "Средняя общеобразовательная школа N 29")
    assert ("encoding_guessed" in [problem.code for problem in table.problems]) is (encoding != "utf-8-sig")


def test_semicolons_with_decimal_commas(tmp_path):
    table = read(tmp_path, HEAD + LINE * 3)

    assert table.columns == ("code", "name_ky", "lat")
    assert table.rows[0].cells == ("00000001", "Өзгөн мектеби", "41,5")


def test_ragged_rows_are_refused_by_line(tmp_path):
    table = read(tmp_path, "code,a,b\n1,2,3\n2,3\n3,4,5,6\n4,5,6\n")

    assert [(problem.row, problem.code) for problem in table.problems] == [(3, "row_ragged"), (4, "row_ragged")]
    assert [row.number for row in table.rows] == [2, 3, 4, 5]


def test_one_cell_of_a_megabyte(tmp_path):
    problem = refusal(tmp_path, "code,a\n1," + "x" * 1_000_000 + "\n")

    assert (problem.code, problem.params["row"]) == ("cell_too_long", 2)


def test_mixed_encodings_name_the_line(tmp_path):
    content = b"code,name\n" + "1,Мектеп\n".encode() * 20 + "2,Школа\n".encode("cp1251")

    problem = refusal(tmp_path, content)

    assert (problem.code, problem.params["line"]) == ("encoding_invalid", 22)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 ...", b"\x7fELF\x02\x01", b"<html><body>404</body></html>", b"PAR1" + b"\0" * 40]
)
def test_other_kinds_are_named(tmp_path, content):
    assert refusal(tmp_path, content).code == "type_refused"


# --- workbooks ------------------------------------------------------------------------------------


def workbook(rows, **layout):
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Мектептер")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, column, value, day)
            else:
                sheet.write(at, column, value)
    for at in layout.get("hidden_rows", ()):
        sheet.set_row(at, None, None, {"hidden": True})
    for at in layout.get("hidden_columns", ()):
        sheet.set_column(at, at, None, None, {"hidden": True})
    if layout.get("other"):
        book.add_worksheet(layout["other"]).write(0, 0, "x")
    book.close()
    return buffer.getvalue()


def test_dates_and_long_codes_of_a_workbook(tmp_path):
    table = read(tmp_path, workbook([["code", "day", "n"], [41706211800020, date(2024, 4, 15), 1.5], [1e12, None, 3]]))

    assert table.rows[0].cells == ("41706211800020", "2024-04-15", "1.5")
    assert table.rows[1].cells == ("1000000000000", None, "3")


def test_a_table_that_stands_in_the_middle_of_a_sheet(tmp_path):
    away = [None, None]
    content = workbook([[], away, [*away, "code", "name_ky"], [*away, "1", "Өзгөн"], [], [*away, "2", None, "жаңы"]])

    table = read(tmp_path, content)

    assert table.columns == ("code", "name_ky", "E")
    assert [(row.number, row.cells) for row in table.rows] == [(4, ("1", "Өзгөн", None)), (6, ("2", None, "жаңы"))]


def test_hidden_rows_columns_and_other_sheets_are_told(tmp_path):
    content = workbook([["code", "a"], ["1", "x"], ["2", "y"]], hidden_rows=[2], hidden_columns=[1], other="Экинчи")

    table = read(tmp_path, content)

    told = {problem.code: problem.params for problem in table.problems}
    assert told["rows_hidden"]["rows"] == "3"
    assert told["columns_hidden"]["columns"] == "a"
    assert told["sheets_other"]["sheets"] == "Экинчи"
    assert len(table.rows) == 2


def test_another_sheet_can_be_asked_for(tmp_path):
    table = read(tmp_path, workbook([["code"], ["1"]], other="Экинчи"), sheet="Экинчи")

    assert (table.sheet, table.columns) == ("Экинчи", ("x",))


def ods(body, extra=""):
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = f'<?xml version="1.0" encoding="UTF-8"?>{extra}<office:document-content {names} office:version="1.2"><office:body><office:spreadsheet><table:table table:name="S">{body}</table:table></office:spreadsheet></office:body></office:document-content>'  # noqa: E501
    return archive(
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content),
        ("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>'),
    )


def ods_row(*cells, repeat=""):
    made = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row{repeat}>{made}</table:table-row>"


def test_opendocument(tmp_path):
    table = read(tmp_path, ods(ods_row("code", "name_ky") + ods_row("0001", "Өзгөн")))

    assert table.columns == ("code", "name_ky")
    assert table.rows[0].cells == ("0001", "Өзгөн")


def test_opendocument_with_repeats_that_explode(tmp_path):
    repeat = ' table:number-rows-repeated="1000000000"'

    assert refusal(tmp_path, ods(ods_row("code") + ods_row("x", repeat=repeat))).code == "far_cell"


def test_opendocument_with_entities(tmp_path):
    content = ods(ods_row("code"), extra='<!DOCTYPE x [<!ENTITY a "aaaa">]>')

    assert refusal(tmp_path, content).code == "xml_entities_refused"


# --- archives -------------------------------------------------------------------------------------


def test_archives_within_archives(tmp_path):
    assert refusal(tmp_path, archive(("a.shp", b"x"), ("inner.zip", archive(("b", b"y"))))).code == "archive_nested"


def test_links_in_archives(tmp_path):
    content = archive(("a.shp", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777)

    assert refusal(tmp_path, content).code == "archive_symlink"


def test_bombs(tmp_path):
    assert refusal(tmp_path, archive(("a.shp", b"\0" * 30_000_000))).code == "archive_bomb"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param("'=1+1", "=1+1", id="formula"),
        pytest.param("' @school", " @school", id="after a space"),
        pytest.param("'- мектеби", "- мектеби", id="dash"),
        pytest.param("'Апостроф' мектеби", "'Апостроф' мектеби", id="a quotation stays"),
        pytest.param("'00012", "'00012", id="before digits it may be a mistake and stays"),
    ],
)
def test_the_apostrophe_that_guards_a_csv_cell_is_no_part_of_it(tmp_path, cell, text):
    table = read(tmp_path, f"code,name\nS-1,{cell}\n")

    assert table.rows[0].cells == ("S-1", text)


def test_a_cut_archive(tmp_path):
    content = (BAD_INPUTS / "good/good_shp.zip").read_bytes()

    assert refusal(tmp_path, content[: len(content) // 2]).code == "archive_damaged"


# --- geodata --------------------------------------------------------------------------------------

RING = [[75.0, 41.0], [76.0, 41.0], [76.0, 42.0], [75.0, 42.0], [75.0, 41.0]]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        pytest.param(feature("Polygon", [[[75, 41], [76, 42], [76, 41], [75, 42], [75, 41]]]), "geometry_invalid", id="bow-tie"),  # noqa: E501
        pytest.param(feature("Polygon", [RING[:-1]]), "ring_unclosed", id="unclosed"),
        pytest.param(feature("Polygon", [[[179, 41], [-179, 41], [-179, 42], [179, 42], [179, 41]]]), "geometry_too_large", id="antimeridian"),  # noqa: E501
        pytest.param(feature("Point", [7500000, 4100000]), "coordinates_out_of_range", id="metres"),
        pytest.param(feature("Point", []), "geometry_empty", id="empty"),
        pytest.param({"type": "Feature", "properties": {}, "geometry": None}, "geometry_missing", id="null"),
        pytest.param(feature("Polygon", [[[75, 41], ["76", 41], [76, 42], [75, 41]]]), "coordinates_not_numbers", id="text"),  # noqa: E501
    ],
)  # fmt: skip
def test_one_damaged_feature_does_not_refuse_the_others(tmp_path, bad, code):
    table = read(tmp_path, collection(feature("Polygon", [RING], code="1"), bad, feature("Polygon", [RING], code="3")))

    assert [(problem.row, problem.code) for problem in table.problems] == [(2, code)]
    assert [row.geometry is not None for row in table.rows] == [True, False, True]


def test_winding_does_not_count(tmp_path):
    table = read(tmp_path, collection(feature("Polygon", [RING[::-1]])))

    assert table.problems == []
    assert table.rows[0].geometry.area == pytest.approx(1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param('{"type":"Topology","objects":{},"arcs":[]}', "topojson_refused", id="TopoJSON"),
        pytest.param(collection(feature("Point", [75, 41]))[:-9], "json_malformed", id="cut"),
        pytest.param('{"type":"FeatureCollection","features":' + "[" * 100_000, "json_too_deep", id="deep"),
        pytest.param(collection(crs={"type": "link", "properties": {"href": "http://127.0.0.1/x"}}), "crs_remote", id="remote"),  # noqa: E501
        pytest.param('{"type":"FeatureCollection","type":"x","features":[]}', "json_duplicate_key", id="twin keys"),
    ],
)  # fmt: skip
def test_collections_that_are_none(tmp_path, content, code):
    assert refusal(tmp_path, content).code == code


def test_a_sequence_of_features(tmp_path):
    lines = "\n".join(json.dumps(feature("Point", [75 + n / 10, 41], code=str(n))) for n in range(3))

    table = read(tmp_path, lines)

    assert [row.cells[0] for row in table.rows] == ["0", "1", "2"]


def test_nan_is_no_json(tmp_path):
    table = read(tmp_path, collection(feature("Point", [75, 41])).replace("75", "NaN", 1))

    assert [(problem.row, problem.code) for problem in table.problems] == [(1, "json_not_a_number")]


def test_a_geopackage_whose_layer_is_an_endless_view(tmp_path):
    path = tmp_path / "x.gpkg"
    path.write_bytes((BAD_INPUTS / "good/good.gpkg").read_bytes())
    with sqlite3.connect(path) as connection:
        name = connection.execute("SELECT table_name FROM gpkg_contents").fetchone()[0]
        triggers = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for trigger in triggers:
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute(f'DROP TABLE "{name}"')
        connection.execute(
            f'CREATE VIEW "{name}" AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, x AS geom FROM n'  # noqa: E501
        )

    with pytest.raises(FileRefusedError) as caught:
        read_in_sandbox(path)

    assert caught.value.problem.code in ("layer_is_view", "geopackage_damaged")


@pytest.mark.parametrize("offset", [0, 100, 4096, 12_000, 30_000])
def test_a_geopackage_with_damaged_pages(tmp_path, offset):
    content = bytearray((BAD_INPUTS / "good/good.gpkg").read_bytes())
    content[offset : offset + 4_000] = b"\xa5" * len(content[offset : offset + 4_000])
    path = write(tmp_path, bytes(content))

    try:
        table = read_in_sandbox(path)
    except FileRefusedError as error:
        assert error.problem.code  # noqa: PT017  damage may also spare all rows
    else:
        assert len(table.rows) <= 20
