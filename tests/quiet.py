"""What a file says so that nothing happens to it but what the test is about: odds as written, no trouble from outside, prices as given."""

from typing import Any

QUIET: dict[str, Any] = {
    "doubt": {"winning": 0, "renewal": 0, "cuts": 0},
    "funder_events": False,
    "unlisted_event": {"chance": 0},
}
FLAT: dict[str, Any] = {"cpi": 0, "earnings": 0, "prices_doubt": 0, "earnings_doubt": 0, "bank_rate_doubt": 0}
