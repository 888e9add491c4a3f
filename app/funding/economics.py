"""Present value, benefit-cost ratio and cost per life of a measure (method 10; known answer J)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Economics:
    """What a measure gives and costs over its life; money in som at the price date, lives as equivalent fatalities.

    ``benefit_cost_ratio`` is without lives; the one ``with_lives`` shows the value of a life that was used.
    ``cost_per_life_som`` is None where no life is saved.
    """

    benefit_som: float
    lives_som: float
    net_som: float
    benefit_cost_ratio: float
    with_lives: float
    lives_saved: float
    discounted_lives_saved: float
    cost_per_life_som: float | None


def annuity(rate: float, years: float) -> float:
    """Return the present value of one som a year at the end of each of ``years``; ``rate`` 0 counts them plainly."""
    return years if rate == 0 else (1 - (1 + rate) ** -years) / rate


def evaluate(
    cost_som: float,
    loss_avoided_som: float,
    lives_a_year: float,
    energy_saved_som: float,
    *,
    rate: float,
    years_structural: float,
    years_energy: float,
    value_of_life_som: float,
) -> Economics:
    """Return the economics of a measure that is paid now and gives its benefits at each year's end.

    Args:
        cost_som: Cost of the works; above zero.
        loss_avoided_som: Average annual loss avoided. ``lives_a_year``: equivalent fatalities avoided a year.
        energy_saved_som: Saved on energy a year, over ``years_energy``; the others over ``years_structural``.
        rate: Discount rate a year. ``value_of_life_som`` is used for ``with_lives`` and ``net_som`` only.
    """
    structural, energy = annuity(rate, years_structural), annuity(rate, years_energy)
    benefit = loss_avoided_som * structural + energy_saved_som * energy
    discounted = lives_a_year * structural
    lives = discounted * value_of_life_som
    return Economics(
        benefit_som=benefit,
        lives_som=lives,
        net_som=benefit + lives - cost_som,
        benefit_cost_ratio=benefit / cost_som,
        with_lives=(benefit + lives) / cost_som,
        lives_saved=lives_a_year * years_structural,
        discounted_lives_saved=discounted,
        cost_per_life_som=(cost_som - benefit) / discounted if discounted > 0 else None,
    )
