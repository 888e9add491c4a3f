"""Which bundles can be part of a better plan: what the prices of the preview rule out is left out before solving.

With prices ``m`` of the budget and ``m_r`` of region r, every plan's benefit is at most
``sum_i max_k (b_ik - m_r c_ik) + m B - sum (m - m_r)+ floor_r + sum (m_r - m)+ ceiling_r`` (Lagrange). A bundle that
loses more against the best one of its school than lies between this bound and a known plan is in no better plan.
"""

from __future__ import annotations

import numpy as np

from app.funding.portfolio import NO_LIMIT, FloatArray, Offers, Rules


def price_losses(offers: Offers, rules: Rules, price: float, region_price: FloatArray) -> tuple[FloatArray, float]:
    """Return what each bundle loses against the best one of its school at these prices, and the bound of every plan.

    A bundle is in no plan of at least ``known`` benefit if its loss is above ``bound - known``. Holds with a limit on
    the Gini coefficient too, since that only takes plans away. A bundle that the rules forbid loses without end.
    """
    own = region_price[rules.region]
    value = offers.benefit - own[offers.school] * offers.cost_som
    must = np.zeros(offers.schools, dtype=bool)
    must[rules.must_act] = True
    allowed = ~must[offers.school] | offers.is_safety
    best = np.where(must, -np.inf, 0.0)
    np.maximum.at(best, offers.school[allowed], value[allowed])
    below, above = np.maximum(price - region_price, 0.0), np.maximum(region_price - price, 0.0)
    ceiling = np.where(rules.ceiling_som < NO_LIMIT, rules.ceiling_som, 0)
    bound = float(best.sum() + price * rules.budget_som - (below * rules.floor_som).sum() + (above * ceiling).sum())
    return np.where(allowed, best[offers.school] - value, np.inf), bound
