"""Strategies in words: each rule as a board could have written it."""

from __future__ import annotations

from typing import Any

from resilience.words.numbers import figure, sentence

WHEN = {
    "months of cover below": "when spendable cash pays for less than {level} of spending",
    "forecast insolvent": "when our own forecast for three months ahead has nothing left to pay from",
    "forecast below closing liability": "when our own forecast for three months ahead no longer pays for closing in order",
    "funding ends": "when the funding of a team is known to end and next month is the last in which notice can start",
    "untold at serve-by": "when next month is the last in which notice can start and nobody has told us whether an award goes on",
}
DO = {
    "freeze recruitment": "no vacancy is filled",
    "strip hub": "the posts of the hub outside its core get notice",
    "close lowest contribution": "the team that brings in least beyond its own cost is closed",
    "close in order": "everybody gets notice and the organisation closes in order",
    "undock": "the team gets notice and leaves when its funding does",
    "serve notice at risk": "the team gets notice, withdrawn if the award goes on",
}
NO_RULE = "Management decides nothing: whatever happens, things go on as they are."


def rules(strategy: Any) -> list[str]:
    """A sentence a rule, in the order in which they are looked at, and what management's forecast counts on."""
    said = [_rule(one) for one in strategy.rules] or [NO_RULE]
    if strategy.hope:
        said.append(
            f"Its forecast counts awards that nobody has told yet at {100 * strategy.hope:g} % of their amount."
        )
    return said


def _rule(one: Any) -> str:
    """Who looks at what, when, and what is then done."""
    when = WHEN[one.when].format(level=_months(one.level))
    done = (
        "the team gets notice, that much too late to leave with its funding"
        if one.do == "undock" and one.delay
        else DO[one.do]
    )
    if one.do == "freeze recruitment":
        done += (
            f" until it pays for more than {_months(one.rearm_above)}"
            if one.rearm_above is not None
            else " until that is over"
        )
    if one.delay:
        done = f"{_months(one.delay)} later {done}"
    parts = [f"{sentence(when)[:-1]}, {done}"]
    if one.rearm_above is not None and one.do != "freeze recruitment":
        parts.append(f"once done, not again before it has paid for more than {_months(one.rearm_above)}")
    if one.at_most:
        parts.append("done once at most" if one.at_most == 1 else f"done {one.at_most} times at most")
    seen = "the board looks each quarter, sooner if the forecast is below nil" if one.board == "quarterly" else ""
    return sentence("; ".join([*parts, *([seen] if seen else [])]))


def _months(number: float | None) -> str:
    return "1 month" if number == 1 else f"{figure(number)} months"
