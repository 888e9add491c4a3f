"""Every case of "why funded or not" has its sentence, in three languages."""

from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from app.funding.why_funded import Why
from app.web.school_money.sentences import chance_sentence, why_sentences
from geodata.queries.school_money import Chance, MeasureOffer, PlannedMoney, SchoolMoney

PLAN = SimpleNamespace(shadow_price=2e-11)
FOUND = SimpleNamespace(bundle=lambda _row: "RET-P", cost_som=lambda _row: 59_238_200)
OFFER = MeasureOffer("RET-P", None, None, None, None, False, 0.1, None, None, None)
PAID = PlannedMoney("RET-P", 59_238_200, None, [])
SHARED = PlannedMoney("RET-P", 60, 2027, [("stimulating_grant", 45), ("local_budget", 15)])
BELOW = Why("below", 0, 1.72e-11, "none", 8_513_821, 2_331_000_000, 0.004)


def money(item=None, offers=(OFFER,), must_act=None):
    return SchoolMoney(list(offers), None, item, must_act)


CASES = {
    "funded": (
        money(PAID),
        Why("funded", 0, 4.8e-11),
        ["Funded: Incremental collapse-prevention step", "59,238,200 som", "is 240% of what the line"],
    ),
    "funded in a year by several sources": (
        money(SHARED),
        Why("funded", 0, 4.8e-11),
        ["Funded in 2027:", "Incentive (shared) grant 45, Local budget 15"],
    ),
    "helped by a floor": (money(PAID), Why("funded", 0, 1e-11, "helped"), ["The floor of its region helped"]),
    "below the line": (
        money(),
        BELOW,
        ["Not funded.", "86% of what the line", "8,513,821 som less (50,724,379)", "2,331,000,000 som would fund it",
         "cost all others 0.40%"],
    ),
    "worth it, but too large for what was left": (
        money(), Why("worth", 0, 2.2e-11), ["what was left did not suffice"]
    ),
    "hurt by floors": (money(), Why("worth", 0, 2.2e-11, "hurt"), ["The floors of other regions hurt it"]),
    "forcing it in costs next to nothing": (
        money(), Why("below", 0, 1e-11, loss_share=1e-6), ["cost the others next to nothing"]
    ),
    "cost unknown": (money(), Why("no_cost"), ["the cost of all its measures is unknown", "an engineer's cost"]),
    "nothing known": (money(offers=()), Why("no_cost"), ["nothing is known of its buildings", "a first survey"]),
    "no gain": (money(), Why("no_gain", 0, 0.0), ["none of its measures takes danger"]),
    "must act, funded": (
        money(PAID, must_act=("structural_flag", "funded")),
        Why("funded", 0, 4.8e-11),
        ["The plan had to act on it: grade E with a critical structural requirement failed."],
    ),
    "must act, no money": (
        money(must_act=("Order No. 7", "no_money")), BELOW, ["had to act on it (Order No. 7), but the money did not"]
    ),
    "must act, no measure": (
        money(must_act=("Order No. 7", "no_measure")), Why("no_cost"), ["but no measure of known cost was there"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_case_is_told(app, name):
    given, why, wanted = CASES[name]
    told = {}
    for language in ("ky", "ru", "en"):
        with app.test_request_context(f"/{language}/"), force_locale(language):
            from flask import g

            g.lang = language
            told[language] = why_sentences(PLAN, given, FOUND, why)

    for part in wanted:
        assert part in " ".join(told["en"]), part
    assert len({len(lines) for lines in told.values()}) == 1
    assert not set(told["ky"]) & set(told["en"])
    assert not set(told["ru"]) & set(told["en"])


def test_a_not_funded_school_is_never_told_that_it_is_funded(app):
    with app.test_request_context("/en/"), force_locale("en"):
        for given, why, _wanted in CASES.values():
            text = " ".join(why_sentences(PLAN, given, FOUND, why))
            assert ("Funded" in text) == (given.item is not None)


@pytest.mark.parametrize(
    ("item", "chance", "words"),
    [
        (PAID, Chance(500, 0.66), "It gets money in 66% of 500 draws"),
        (None, Chance(500, 0.0), "It would get money in 0% of 500 draws"),
        (None, Chance(500, None), "is unknown: nothing can be bought for it at a known cost"),
        (None, None, "was not worked out for this plan"),
    ],
    ids=["funded", "never", "unknown cost", "not drawn"],
)
def test_how_often_it_gets_money_is_a_share_or_says_why_it_is_unknown(app, item, chance, words):
    with app.test_request_context("/en/"), force_locale("en"):
        assert words in chance_sentence(money(item)._replace(chance=chance))
