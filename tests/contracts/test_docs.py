"""Documents are true: rooms, commands and settings stand in them."""

from pathlib import Path

import pytest

from app.settings import Settings
from scripts.__main__ import VERBS

ROOT = Path(__file__).resolve().parents[2]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def rooms():
    for top in ("geodata", "layers", "app"):
        for path in sorted((ROOT / top).iterdir()):
            if path.is_dir() and not path.name.startswith("__") and path.name != "web":
                yield f"{top}/{path.name}"


@pytest.mark.parametrize("room", list(rooms()))
def test_architecture_names_every_room(room):
    assert f"`{room}`" in read("ARCHITECTURE.md")


@pytest.mark.parametrize("verb", VERBS)
def test_readme_names_every_command(verb):
    assert f"mektep {verb}" in read("README.md")


@pytest.mark.parametrize("field", Settings.model_fields)
def test_settings_are_in_the_example_environment(field):
    assert f"MEKTEP_{field.upper()}=" in read(".env.example")


def test_decisions_are_numbered_in_order():
    numbers = [int(line[3:].split(".")[0]) for line in read("DECISIONS.md").splitlines() if line.startswith("## ")]

    assert numbers == list(range(1, len(numbers) + 1))


def test_documents_name_no_machine_and_no_registry():
    for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "SECURITY.md"):
        assert "/tmp/" not in read(name), name


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_pins_every_package_by_hash_and_names_no_place_to_fetch_from(name):
    pins = [line for line in read(name).splitlines() if line and not line.startswith((" ", "#"))]

    assert [line for line in pins if not line.endswith(" \\") or "==" not in line] == []
    assert "://" not in read(name)
    assert read(name).count("--hash=sha256:") >= len(pins) > 60
