"""What the hub must be able to carry: staff and costs that step up with docks, and what it costs to be short of staff.

docs/model.md, section 6, "The hub's need".
"""

from __future__ import annotations

import math

import numpy as np

from resilience.economy import Economy, share
from resilience.employment import monthly_part
from resilience.horizon import Horizon
from resilience.organisation import Organisation
from resilience.rows import HubRows

TENTH = 10  # of need: what the file says is for each 10 % short


def hub_rows(organisation: Organisation, horizon: Horizon, economy: Economy) -> HubRows:
    """The hub's need, its steps, and what being short does: rows of `months.hub`."""
    hub = organisation.hub
    own = sum(post.heads * post.hours for post in hub.posts.values()) / organisation.full_time_hours
    step, yearly = np.zeros(horizon.months, dtype=np.int64), hub.step.yearly if hub.step else 0
    for t, month in enumerate(horizon):
        if month.month == 4 and t > 0:
            yearly = share(yearly, 1 + economy.cpi(month))
        step[t] = monthly_part(yearly, month.funders_month)
    need = own if hub.need is None else float(hub.need)
    fte = float(hub.step.fte) if hub.step else 0.0
    return HubRows(
        need=need,
        step_docks=hub.step.docks if hub.step else 0,
        step_fte=fte,
        step=step,
        odds=TENTH * float(hub.odds_when_short),
        leaving=TENTH * float(hub.turnover_when_short),
        upset=float(hub.turnover_after_redundancies) - 1.0,
        short=int(need > 0 or fte > 0),
    )


def steps(docks: int, each: int) -> int:
    """Steps for so many docks at work: each started `each` of them."""
    return math.ceil(docks / each) if each else 0
