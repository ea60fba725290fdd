"""Many organisations on the same futures: who fails together, whose withdrawal does most harm, who is left unserved. docs/portfolio.md.

What is national and what befalls a payer is the same for all of them; everything else is each one's own.
"""

from __future__ import annotations

from resilience.portfolio.portfolio import Asked, Portfolio, portfolio
from resilience.portfolio.suppressed import LEAST, anonymous

__all__ = ["LEAST", "Asked", "Portfolio", "anonymous", "portfolio"]
