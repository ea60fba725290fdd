"""Strategies in words: each rule as a board could have written it."""

from __future__ import annotations

from typing import Any

from resilience.words.numbers import figure, money, sentence

WHEN = {
    "months of cover below": "when spendable cash pays for less than {level} of spending",
    "forecast insolvent": "when our own forecast for {within} ahead has nothing left to pay from",
    "forecast below closing liability": "when our own forecast for {within} ahead no longer pays for closing in order",
    "funding ends": "when the funding of a team is known to end and next month is the last in which notice can start",
    "untold at serve-by": "when next month is the last in which notice can start and nobody has told us whether an award goes on",
    "policy breach forecast": "when our own forecast for {within} ahead has free reserves below the reserves policy",
    "reserves below policy": "when free reserves are below the reserves policy",
    "contract lost": "when we have been told since the last look that an award we hold ends, or one has ended",
}
DO = {
    "freeze recruitment": "no vacancy is filled",
    "strip hub": "the posts of the hub outside its core get notice",
    "close lowest contribution": "the team that brings in least beyond its own cost is closed",
    "close in order": "everybody gets notice and the organisation closes in order",
    "undock": "the team gets notice and leaves when its funding does",
    "serve notice at risk": "the team gets notice, withdrawn if the award goes on",
    "draw facility": "all that the bank has agreed to is drawn and held as cash",
    "ask for payment in advance": "payers in arrears are asked, each once, to pay in the month itself rather than later; {agrees} agree",
    "emergency appeal": "an emergency appeal goes out, which brings £{brings} in the month after{fatigue}",
    "raise prices": "prices of what we sell rise by {rise} from the next month on{lost}",
    "volunteers into vacancies": "as far as somebody supervises them, vacancies of teams in which volunteers help are left to volunteers",
    "merge": "a partner is looked for{needs}: {takes} later people and services go over to it, if one is found ({found}){fee}",
}
LASTING = ("freeze recruitment", "draw facility", "volunteers into vacancies")  # until the rule is re-armed
NO_RULE = "Management decides nothing: whatever happens, things go on as they are."
BIDDING = {
    "as the file says": "",
    "everything": "Every opportunity that comes up is bid for, even beyond what the hub has room to write; "
    "the log-odds of winning those are {stretched} lower.",
    "only at full cost": "A named bid is written only if what its team then earns recovers the team's full cost over the bid's term.",
    "only if headroom covers peak cash": "A named bid is written only if, in the month in which it would be decided, headroom "
    "covers the most cash that winning it would tie up.",
}


def rules(strategy: Any) -> list[str]:
    """A sentence a rule, in the order in which they are looked at, what is bid for, and what management's forecast counts on."""
    said = [_rule(one) for one in strategy.rules] or [NO_RULE]
    if BIDDING[strategy.bidding]:
        said = ([] if not strategy.rules else said) + [
            BIDDING[strategy.bidding].format(stretched=f"{strategy.beyond:g}")
        ]
    if strategy.hope:
        said.append(
            f"Its forecast counts awards that nobody has told yet at {100 * strategy.hope:g} % of their amount."
        )
    return said


def when(one: Any) -> str:
    """What a rule looks for."""
    within = "three months" if one.within in (None, 3) else _months(one.within)
    return WHEN[one.when].format(level=_months(one.level), within=within)


def do(one: Any) -> str:
    """What a rule then decides."""
    if one.do == "undock" and one.delay:
        return "the team gets notice, that much too late to leave with its funding"
    return DO[one.do].format(
        agrees="" if one.agrees is None else _share(one.agrees),
        brings="" if one.brings is None else figure(one.brings.written(100)),
        fatigue=f"; each further one {_share(one.fatigue)} less" if one.fatigue else "",
        rise=_share(one.rise or 0),
        lost=f", and {_share(one.lost)} less is sold" if one.lost else "",
        needs=f", as long as headroom covers {_months(one.needs)} of spending" if one.needs else "",
        takes=_months(one.takes),
        found=f"{_share(one.found or 0)} likely",
        fee=f"; looking costs {money(one.fee / 100)}" if one.fee else "",
    )


def _rule(one: Any) -> str:
    """Who looks at what, when, and what is then done."""
    done = do(one)
    if one.do in LASTING:
        done += (
            f" until it pays for more than {_months(one.rearm_above)}"
            if one.rearm_above is not None
            else " until a look finds no further one"
            if one.when == "contract lost"
            else " until that is over"
        )
    if one.delay:
        done = f"{_months(one.delay)} later {done}"
    parts = [f"{sentence(when(one))[:-1]}, {done}"]
    if one.rearm_above is not None and one.do not in LASTING:
        parts.append(f"once done, not again before it has paid for more than {_months(one.rearm_above)}")
    if one.most:
        parts.append("done once at most" if one.most == 1 else f"done {one.most} times at most")
    seen = "the board looks each quarter, sooner if the forecast is below nil" if one.board == "quarterly" else ""
    return sentence("; ".join([*parts, *([seen] if seen else [])]))


def _share(number: float) -> str:
    return f"{100 * number:g} %"


def _months(number: float | None) -> str:
    return "" if number is None else "1 month" if number == 1 else f"{figure(number)} months"
