"""The independent engine for small cases: every outcome of a small organisation under *carry on*, by exact arithmetic.

Written from docs/model.md alone; it shares no code with the simulator and reads data/uk_rates.toml itself.
Probabilities are fractions, money whole pence. One irrational thing is rounded on the way in: a yearly probability q
spread over parts of a year, 1 − (1 − q)^w, is taken as the exact value of its nearest float (error below 1e−15).
"""

from resilience.exact.outcomes import exact
from resilience.exact.result import MONEY, Exact

__all__ = ["MONEY", "Exact", "exact"]
