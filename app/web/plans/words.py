"""What assumptions, variants and reasons of a report are called."""

from __future__ import annotations

from app.i18n.marks import N_

ASSUMPTIONS = {
    "budget": N_("The budget"),
    "costs": N_("The costs"),
    "equity": N_("The rules of fairness"),
    "benefit_weights": N_("The weights of the benefit"),
    "vulnerability": N_("The model of vulnerability"),
    "hazard_curve": N_("How often strong shaking comes"),
    "fragility_spread": N_("The spread of fragility"),
    "discount": N_("The discount rate"),
    "ranking_weights": N_("The weights of the ranking"),
}
VARIANTS = {
    "budget_low": N_("Budget 20 % lower"),
    "budget_high": N_("Budget 20 % higher"),
    "costs_low": N_("All costs 25 % lower"),
    "costs_high": N_("All costs 25 % higher"),
    "equity_off": N_("Without floors, ceilings and a limit on unevenness"),
    "equity_on": N_("With floors by need"),
    "life_low": N_("Lives weigh least of their range"),
    "life_high": N_("Lives weigh most of their range"),
    "loss_low": N_("Losses weigh least of their range"),
    "loss_high": N_("Losses weigh most of their range"),
    "conformity_low": N_("Conformity weighs least of its range"),
    "conformity_high": N_("Conformity weighs most of its range"),
    "model_F1": N_("Model F1 alone (HAZUS)"),
    "model_F2": N_("Model F2 alone (GEM)"),
    "model_F3": N_("Model F3 alone (macroseismic)"),
    "curve_low": N_("Strong shaking is more frequent beside weak"),
    "curve_high": N_("Strong shaking is rarer beside weak"),
    "spread_low": N_("Narrow spread of fragility"),
    "spread_high": N_("Wide spread of fragility"),
    "discount_low": N_("Discount rate 3 %"),
    "discount_high": N_("Discount rate 10 %"),
    "ranking_weights": N_("Other weights of the ranking"),
    "without_floors": N_("Floors by need"),
    "without_gini": N_("Limit on unevenness (Gini)"),
    "without_must_act": N_("Schools that must be acted on"),
    "without_limits": N_("Limits of named areas"),
    "without_capacity": N_("Capacity of contractors"),
    "simple_cut": N_("Simple cut by rank"),
}
REASONS = {
    "one_year": N_("The money is of one year: the rate multiplies every benefit alike and moves no school."),
    "only_ties": N_("The weights of the ranking are no part of the benefit: they only decide between equal plans."),
    "inputs_changed": N_(
        "Not computed: data or method have changed since the ranking. Rank again and make a new plan."
    ),
    "rules_conflict": N_("Not computed: no plan keeps all the rules then."),
    "no_plan_in_time": N_("Not computed: the time ended before a plan was found."),
}

CHANCES = {
    "robust": N_("Robust: in nine of ten draws or more"),
    "likely": N_("Likely: in half of the draws or more"),
    "contested": N_("Contested: in a tenth of the draws or more"),
    "unlikely": N_("Unlikely: in less than a tenth"),
}
"""Labels of method 8 for how often a school gets money."""

RESTS_ON = {
    "proposal": N_("Proposals of the method"),
    "recalled": N_("Values recalled from the literature, to be checked"),
    "computed here": N_("Values computed for this method"),
    "verified": N_("Values verified in a source"),
    "prior": N_("Types of buildings and levels of hazards that nobody knows, taken by a prior"),
    "missing": N_("Requirements without an answer"),
}
"""What an input is; statuses of the method's tables, and what is unknown at schools."""
RESTS_VALUES = {
    "objective.life": N_("Weight of lives in the benefit"),
    "objective.loss": N_("Weight of loss in the benefit"),
    "objective.conformity": N_("Weight of the Standard in the benefit"),
    "cost.design": N_("Design, on top of the works"),
    "cost.supervision": N_("Supervision, on top of the works"),
    "cost.contingency": N_("Reserve, on top of the works"),
}
"""Values of the method behind plans, beside those behind scores."""
