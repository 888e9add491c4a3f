"""Migrations are a numbered history that leads to the models and back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from tests.support import database as test_database

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = sorted((ROOT / "geodata/migrations/versions").glob("*.py"))


def config(connection=None):
    made = Config(str(ROOT / "alembic.ini"))
    made.set_main_option("script_location", str(ROOT / "geodata/migrations"))
    if connection is not None:
        made.attributes["connection"] = connection
    return made


@pytest.fixture
def owner():
    made = test_database.create("mektep_test_migrations")
    engine = create_engine(made.url("mektep_owner"))
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    test_database.drop(made)


def test_numbers_follow_each_other_and_end_in_one_head():
    numbers = [path.name[:4] for path in VERSIONS]

    assert numbers == [f"{number:04d}" for number in range(1, len(VERSIONS) + 1)]
    assert ScriptDirectory.from_config(config()).get_heads() == [numbers[-1]]


def test_models_are_what_the_migrations_build(owner):
    command.check(config(owner))


def test_down_to_nothing_and_up_again(owner):
    command.downgrade(config(owner), "base")
    owner.commit()
    left = owner.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'mektep_owner'")
    ).all()
    command.upgrade(config(owner), "head")
    owner.commit()

    assert set(left) <= {"alembic_version"}
    command.check(config(owner))
