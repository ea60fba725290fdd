"""Alternatives on the same futures: `resilience compare`."""

from __future__ import annotations

from typing import Any

from resilience import words
from resilience.page.layout import columns, paragraphs, section

CHANCES = {
    "insolvent": ("run out of cash", "running out of cash"),
    "breach": ("breach the reserves policy", "breaches of the reserves policy"),
    "point_of_no_return": ("pass the point of no return", "passing the point of no return"),
    "continuing": ("go on to the end", "going on to the end"),
}
STILL = CHANCES | {"breach": ("are still in breach of the reserves policy at month 24", "being in breach at month 24")}


def comparison(found: Any) -> str:
    """What each alternative is by itself, and what it changes against the first."""
    n, months = found.manifest["paths"], found.manifest["months"]
    first = found.alternatives[0]
    parts = [section(f"Of 100 futures, over {months} months", _alone(found))]
    if any(one.structure != "hub-and-dock" for one in found.alternatives):
        parts.append(paragraphs([words.structures(found.alternatives)]))
    for one in found.differences:
        said = [
            words.difference(
                one.reference,
                one.label,
                first.probabilities[name],
                next(a for a in found.alternatives if a.label == one.label).probabilities[name],
                chance.standard_error,
                n,
                what,
            )
            for name, what in (STILL if first.in_breach_at_opening else CHANCES).items()
            if (chance := one.chances[name])
        ]
        other = next(a for a in found.alternatives if a.label == one.label)
        before, now = first.warned.unwarned, other.warned.unwarned
        if before or now:
            error = one.unwarned.standard_error
            said += [words.difference(one.reference, one.label, before, now, error, n, words.UNWARNED)]
        said += [
            words.cash_difference(
                one.reference, one.label, next((at for at in reversed(one.cash) if at.both), one.cash[-1])
            )
        ]
        said += [words.liability_difference(one.label, at) for at in _last_of_both(one.closing_liability)]
        said += [
            words.people_difference(one.label, one.served, "people helped in all"),
            words.people_difference(one.label, one.posts_lost, "posts lost"),
            words.worth_difference(one.label, one.social_value) if one.social_value else "",
        ]
        parts.append(section(f"{one.label}, against {one.reference}", [text for text in said if text]))
    warned = [words.warned(one, n, months) for one in found.alternatives]
    parts.insert(1, section("Too late to close in order, and how long before it was seen", warned))
    worse = [words.more_cash(one) for one in found.more_cash if one and one.seen]
    parts.append(section("More cash, and worse", list(dict.fromkeys(worse))))
    helped = any(one.served for one in found.alternatives)
    best = [words.best(one) for one in found.best if helped or one.by != "served"]
    parts.append(section("Which is best", [words.BEST, *best] if best else []))
    pounds = found.manifest.get("pounds", "")
    said = [words.LIMITS, words.ERROR, words.in_pounds_of(pounds), words.basis(pounds)]
    parts.append(paragraphs([text for text in said if text]))
    parts.append(paragraphs([words.comparison_manifest(found.manifest)]))
    return "\n\n".join(part for part in parts if part)


def _last_of_both(months: list[Any]) -> list[Any]:
    """The last of these months in which some futures go on under both, if there is one."""
    return [at for at in reversed(months) if at.both][:1]


def _alone(found: Any) -> list[str]:
    """A row an alternative."""
    helped = any(one.served for one in found.alternatives)
    merged = any(one.probabilities["merged_or_transferred"] for one in found.alternatives)
    ends = ["insolvent", "breach", "point_of_no_return", "closed_in_order"]
    ends += ["merged_or_transferred"] if merged else []
    more = [["merged", ""]] if merged else []
    more += [["people", "helped"]] if helped else []
    fits = any(one.mission_fit is not None for one in found.alternatives)
    more += [["mission", "of 100"]] if fits else []
    rows = [
        ["", "out of", "below", "cash below", "closed", *(one[0] for one in more), "posts"],
        ["", "cash", "policy", "closing cost", "in order", *(one[1] for one in more), "lost"],
    ]
    for one in found.alternatives:
        shares = [words.in_table(one.probabilities[name]) for name in ends]
        served = [words.people(one.served)] if helped else []
        fit = ["–" if one.mission_fit is None else f"{100 * one.mission_fit:.0f}"] if fits else []
        rows.append([one.label, *shares, *served, *fit, f"{one.posts_lost:.1f}"])
    return columns(rows, 24)
