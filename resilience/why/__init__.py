"""Why it fails, and what it hangs on: replays of the same futures with one thing changed.

None tells "the first in the chain". `why` asks of each source of chance whether the failures would have happened without it; `drivers`
asks how the answer moves if an assumption were low or high; `alone` what a parameter that nobody knows does.
"""

from resilience.why.alone import Alone, alone
from resilience.why.causes import REPLAYED, Prevented, Why, why
from resilience.why.drivers import Driver, drivers
from resilience.why.replay import MOVED, Progress

__all__ = ["MOVED", "REPLAYED", "Alone", "Driver", "Prevented", "Progress", "Why", "alone", "drivers", "why"]
