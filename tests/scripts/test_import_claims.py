"""``import claims``: what it answers."""

from click.testing import CliRunner

from geodata.readers.claims import SEED
from scripts.import_claims import claims


def test_a_right_file_is_only_checked_in_a_dry_run():
    made = CliRunner().invoke(claims, [str(SEED), "--dry-run"], standalone_mode=False)

    assert made.return_value == 0
    assert "12 claims are right" in made.output


def test_wrong_rows_are_told_with_their_place(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_text(SEED.read_text(encoding="utf-8").replace("193", "many", 1), encoding="utf-8")
    made = CliRunner().invoke(claims, [str(path)], standalone_mode=False)

    assert made.return_value == 3
    assert "row 2, value: 'many'" in made.output


def test_another_file_is_refused_whole(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_bytes(b"a,b\n1,2\n")

    assert CliRunner().invoke(claims, [str(path)], standalone_mode=False).return_value == 2
