"""An organisation completed: the default of its kind in place of everything that its file leaves out or does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from resilience.assumptions import default_of
from resilience.distributions import DONT_KNOW
from resilience.fields import Record
from resilience.organisation import (
    UNRESTRICTED,
    Bid,
    Dock,
    Elections,
    Fund,
    Organisation,
    Paid,
    Partnership,
    Payer,
    Post,
    Programme,
    Renewal,
    Stream,
    UnlistedEvent,
)
from resilience.organisation_rules import PAYMENT
from resilience.ranges import Quantity
from resilience.tenders import Opportunities
from resilience.terms import REASONS, Loss, yearly_of_gifts, yearly_of_units

P = TypeVar("P", bound=Paid)
DAYS = 30  # of a month, for days to pay
FATES = ("abandoned", "scrapped", "adapted")
EVEN, HELD = 0.5, 0.7  # of a spree, and of an award in a reorganisation, where nobody knows


def resolve(organisation: Organisation) -> Organisation:
    """The organisation with the default of its kind in place of everything left out or answered "don't know".

    Afterwards a stream's form, payer, fund, payment, lag and late (nil unless in arrears), cut (nil for an award
    with an end and no break clause), depth, decision month and notice are there; its renewal is a Renewal, or None
    without an end; `yearly` is what is expected where units or gifts say it. A bid likewise. A post has its pay and kind;
    a stream's own restricted fund is in `funds`; hub.core is a list.
    """
    habits = {
        name: payer.days_to_pay / DAYS for name, payer in organisation.payers.items() if payer.days_to_pay is not None
    }
    streams = {
        name: _expected(_stream(name, stream, habits), organisation) for name, stream in organisation.streams.items()
    }
    bids = {name: _bid(name, bid, habits) for name, bid in organisation.bids.items()}
    own = {str(item.fund): Fund() for item in (*streams.values(), *bids.values()) if item.fund != UNRESTRICTED}
    hub, unlisted = organisation.hub, organisation.unlisted_event
    core = sorted(hub.posts) if hub.core is None else hub.core
    return organisation.model_copy(
        update={
            "streams": streams,
            "bids": bids,
            "payers": _payers(organisation, [*streams.values(), *bids.values()]),
            "funds": {**own, **organisation.funds},
            "hub": _team(hub.model_copy(update={"core": core})),
            "docks": {name: _with_volunteers(_team(dock)) for name, dock in organisation.docks.items()},
            "redeployment": _odds(organisation.redeployment, 0.0),
            "unlisted_event": unlisted.model_copy(update={"chance": _odds(unlisted.chance, UnlistedEvent().chance)}),
            "opportunities": _opportunities(organisation.opportunities),
            "programmes": {name: _programme(one) for name, one in organisation.programmes.items()},
            "elections": _of_elections(organisation.elections),
            "sprees": {
                name: one.model_copy(update={key: _odds(getattr(one, key), EVEN) for key in ("comes", "chance")})
                for name, one in organisation.sprees.items()
            },
            "partnerships": {name: _partnership(one) for name, one in organisation.partnerships.items()},
            "reorganisations": {
                name: one.model_copy(update={"held": _odds(one.held, HELD)})
                for name, one in organisation.reorganisations.items()
            },
        }
    )


def _with_volunteers(dock: Dock) -> Dock:
    """A dock whose volunteers say what is assumed of their kind."""
    found = {}
    for name, one in dock.volunteers.items():
        each = default_of(one.kind, "each_supervisor") if one.each_supervisor is None else one.each_supervisor
        leaving = _odds(one.turnover, default_of(one.kind, "turnover"))
        found[name] = one.model_copy(update={"each_supervisor": each, "turnover": leaving})
    return dock.model_copy(update={"volunteers": found})


def _known(value: Any, default: Any) -> Any:
    return default if value is None or value is DONT_KNOW else value


def _odds(value: Any, default: Any) -> Any:
    """A probability: of a range, its mean."""
    known = _known(value, default)
    return known.mean() if isinstance(known, Quantity) else known


def _payers(organisation: Organisation, items: Sequence[Paid]) -> dict[str, Payer]:
    """Every payer by name; the probability of its event is the largest default of the kinds it pays as."""
    kinds: dict[str, set[str]] = {}
    for item in items:
        kinds.setdefault(str(item.payer), set()).add(item.kind)
    found = {}
    for name, of in sorted(kinds.items()):
        one = organisation.payers.get(name, Payer())
        event = _odds(one.event, max(default_of(kind, "event") for kind in of)) if organisation.funder_events else 0.0
        found[name] = one.model_copy(update={"event": event})
    return found


def _paid(name: str, item: P, habits: Mapping[str, float]) -> P:
    """What streams and bids have in common; habits: months that payers take to pay."""
    payer, route = item.payer or name, item.route if isinstance(item, Bid) else None
    form = item.form or (default_of(route, "form") or "contract" if route else default_of(item.kind, "form"))  # type: ignore[attr-defined]
    payment = item.payment or (route and form == "contract" and default_of(route, "payment")) or PAYMENT[form]
    arrears = payment == "arrears"
    return item.model_copy(
        update={
            "form": form,
            "payment": payment,
            "payer": payer,
            "fund": item.fund or (name if form == "grant" else UNRESTRICTED),
            "lag": float(_known(item.lag, habits.get(payer, default_of(item.kind, "lag")))) if arrears else 0.0,
            "late": _odds(item.late, default_of(item.kind, "late")) if arrears else 0.0,
            "lost": item.lost and _loss(item.lost),
        }
    )


def _loss(lost: Loss) -> Loss:
    usual = Loss(ended=1.0)
    return lost.model_copy(
        update={f"{one}_tupe": _odds(getattr(lost, f"{one}_tupe"), getattr(usual, f"{one}_tupe")) for one in REASONS}
    )


def _stream(name: str, stream: Stream, habits: Mapping[str, float]) -> Stream:
    can_be_cut = stream.until is None or stream.break_clause
    defaults = Stream.model_validate(
        {"kind": stream.kind, "yearly": 0}
        | {key: default_of(stream.kind, key) for key in ("depth", "decision_month", "notice")}
    )
    renewal = stream.renewal
    if stream.until is not None:
        given = (
            renewal
            if isinstance(renewal, Renewal)
            else Renewal(chance=_odds(renewal, default_of(stream.kind, "renewal")))
        )
        likely, option = default_of(stream.kind, "renewal"), given.extension
        if option is not None:
            option = option.model_copy(update={"chance": _odds(option.chance, likely)})
        renewal = given.model_copy(
            update={"chance": _odds(given.chance, likely), "held": _odds(given.held, 0.0), "extension": option}
        )
    return _paid(name, stream, habits).model_copy(
        update={
            "cut": _odds(stream.cut, default_of(stream.kind, "cut")) if can_be_cut else 0.0,
            "depth": _known(stream.depth, defaults.depth),
            "decision_month": _known(stream.decision_month, defaults.decision_month),
            "notice": _known(stream.notice, defaults.notice),
            "renewal": renewal,
            "clawback_kept": _odds(stream.clawback_kept, 0.5),
        }
    )


def _expected(stream: Stream, organisation: Organisation) -> Stream:
    """The stream with the yearly amount that its gifts or its units let expect."""
    if stream.gifts is not None:
        return stream.model_copy(update={"yearly": yearly_of_gifts(stream.gifts)})
    if stream.unit is not None:
        return stream.model_copy(update={"yearly": yearly_of_units(organisation, stream.unit)})
    return stream


def _bid(name: str, bid: Bid, habits: Mapping[str, float]) -> Bid:
    extension, delay = bid.extension, bid.delay
    if extension:
        asked = _odds(extension.chance, default_of(bid.kind, "renewal"))
        extension = extension.model_copy(update={"chance": asked})
    if delay:
        delay = delay.model_copy(update={"chance": _odds(delay.chance, default_of(None, "delay"))})
    come = bid.transfers_in
    if come:
        come = come.model_copy(update={"turnover": _odds(come.turnover, default_of(None, "turnover"))})
    chance = _odds(bid.chance, default_of(bid.route, "win"))
    update = {"chance": chance, "extension": extension, "delay": delay, "transfers_in": come}
    return _paid(name, bid, habits).model_copy(update=update)


def _opportunities(one: Opportunities | None) -> Opportunities | None:
    chance = one and _odds(one.chance, default_of("open tender", "win"))
    return one and one.model_copy(update={"chance": chance, "renewal": _odds(one.renewal, 0.0)})


def _programme(one: Programme) -> Programme:
    odds = {key: _odds(getattr(one, key), _usual(one, key)) for key in FATES}
    return one.model_copy(
        update=odds | {"pilots": _opportunities(one.pilots), "contracts": _opportunities(one.contracts)}
    )


def _partnership(one: Partnership) -> Partnership:
    partners = {
        name: its.model_copy(
            update={key: _odds(getattr(its, key), _usual(its, key)) for key in ("leaves", "backfilled")}
        )
        for name, its in one.partners.items()
    }
    held = one.goodwill
    goodwill = held and held.model_copy(update={"falls": _odds(held.falls, _usual(held, "falls"))})
    fails = _odds(one.lead_fails, _usual(one, "lead_fails")) if one.lead == "another" else 0.0
    return one.model_copy(update={"partners": partners, "goodwill": goodwill, "lead_fails": fails})


def _usual(table: Record, name: str) -> Any:
    """What a field is where a file does not say."""
    return type(table).model_fields[name].default


def _of_elections(one: Elections) -> Elections:
    return one.model_copy(update={"changes": _odds(one.changes, Elections().changes)})


def _team(team: Any) -> Any:
    posts = {name: _post(name, post) for name, post in team.posts.items()}
    return team.model_copy(update={"posts": posts})


def _post(name: str, post: Post) -> Post:
    bill, heads = post.pay_bill or 0, max(1, post.heads)
    return post.model_copy(
        update={
            "pay": (2 * bill + heads) // (2 * heads) if post.pay is None else post.pay,
            "post": post.post or name,
            "turnover": _odds(post.turnover, default_of(None, "turnover")),
        }
    )
