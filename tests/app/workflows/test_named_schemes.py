"""Schemes that people saved: ranked by code or title, one of them official by who may decide, and never by a draft."""

import tomllib

import pytest
from sqlalchemy import select, text

from app.prioritisation.errors import AmbiguousSchemeError, UnknownSchemeError
from app.workflows.named_schemes import (
    NotDecidingSchemeError,
    SchemeChoice,
    SchemeChoiceError,
    choose_official,
    scheme_content,
    scheme_named,
)
from app.workflows.rank_schools import rank_schools
from app.workflows.save_scheme import NewScheme, save_scheme
from geodata.database import DBAPIError
from geodata.models import Run
from geodata.queries import schemes
from tests.factories.country import make_country
from tests.factories.officers import become, become_everybody, make_officer
from tests.support.rights import EVERYTHING

UNITS = (250, 150, 80, 250, 100, 70, 50, 50)
CHOICE = {"reason": "the council decided", "document": "Order No. 5"}


@pytest.fixture
def planner(session):
    return make_officer(session, "planner")


@pytest.fixture
def save(session, planner):
    def saved(title='Fair "to" poor\trayons', *, national=True):
        become(session, planner)
        code = save_scheme(session, NewScheme(title, "Ministry", "", UNITS, national), planner.id, EVERYTHING)
        become_everybody(session)
        return code

    return saved


def test_a_saved_scheme_is_found_by_code_title_and_the_name_that_a_run_keeps(session, save):
    code = save("Poor rayons")
    found = scheme_named(session, code)

    assert [float(weight) for weight in found.weights] == [unit / 1000 for unit in UNITS]
    assert found.name == f"Poor rayons ({code})"
    assert scheme_named(session, "poor RAYONS") == scheme_named(session, found.name) == found
    assert found.hazards == scheme_named(session, "default").hazards


def test_the_text_that_its_hash_is_over_can_be_read_whatever_its_title(session, save):
    code = save()
    read = tomllib.loads(scheme_content(session, code).decode())

    assert read["title"] == 'Fair "to" poor rayons'
    assert read["weights"]["C4"] == "0.250"


def test_a_ranking_by_it_says_so_and_ranks_as_the_weights_say(session, save):
    make_country(session)
    code = save("Poor rayons")
    shipped, own = rank_schools(session), rank_schools(session, "Poor rayons")
    run = session.scalars(select(Run).where(Run.hash == own.hash)).one()

    assert own.hash != shipped.hash
    assert run.scheme == f"Poor rayons ({code})"
    assert '"C4":"0.250"' in run.canonical
    assert rank_schools(session, code).hash == own.hash


def test_a_draft_an_unknown_name_and_a_title_borne_twice_are_refused_also_to_their_author(session, planner, save):
    draft = save("Mine", national=False)
    become(session, planner)
    for name in (draft, "Mine", "nothing"):
        with pytest.raises(UnknownSchemeError):
            scheme_named(session, name)
    codes = {save("Twice"), save("Twice")}
    with pytest.raises(AmbiguousSchemeError) as refused:
        scheme_named(session, "twice")

    assert set(refused.value.codes) == codes


def test_the_official_scheme_counts_where_none_is_named_until_it_is_taken_back(session, save):
    code = save("Poor rayons")
    shipped = scheme_named(session)
    choose_official(session, SchemeChoice(code, **CHOICE))
    chosen = scheme_named(session)
    choose_official(session, SchemeChoice("", **CHOICE))

    assert shipped.name == scheme_named(session).name == "default"
    assert chosen.name.endswith(f"({code})")
    assert schemes.official(session).decision.document == "Order No. 5"


@pytest.mark.parametrize(
    ("changed", "fields"),
    [({"code": "none"}, ("scheme",)), ({"reason": " "}, ("reason",)), ({"document": ""}, ("document",))],
)
def test_a_decision_without_scheme_reason_or_act_is_refused(session, save, changed, fields):
    with pytest.raises(SchemeChoiceError) as refused:
        choose_official(session, SchemeChoice(**{"code": save("A"), **CHOICE} | changed))

    assert refused.value.fields == fields


@pytest.mark.parametrize("role", ["oblast", "auditor", "administrator"])
def test_only_who_ranks_and_publishes_decides_and_the_database_says_so_too(session, save, role):
    code = save("A")
    officer = make_officer(session, role)
    become(session, officer)
    with pytest.raises(NotDecidingSchemeError):
        choose_official(session, SchemeChoice(code, **CHOICE))
    with pytest.raises(DBAPIError, match="row-level security"):
        schemes.add_decision(session, {"scheme_id": None, **CHOICE})


def test_a_decision_is_never_changed(session, save):
    choose_official(session, SchemeChoice(save("A"), **CHOICE))
    for statement in ("UPDATE scheme_decision SET reason = 'x'", "DELETE FROM scheme_decision"):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(statement))
