"""One block of paths from the opening to the horizon: the order of a month. No randomness."""

from __future__ import annotations

from resilience.compiled import compiled
from resilience.months.bids import fill_ups, transfer_in, unnamed
from resilience.months.calendar import amounts, funding_of_docks, prices
from resilience.months.economy import bank_interest, pay_as_earnings_move
from resilience.months.forecast import AHEAD, forecast, forecast_reserves, told_income
from resilience.months.hub import measure, refuse, step_costs, unrest
from resilience.months.irregular import claw_back, opening_units, outlook, reimburse
from resilience.months.keeping import keep_money, keep_people
from resilience.months.management import decide
from resilience.months.mission import fit
from resilience.months.money import accrue, balance_sheet, borrow, charge_and_pay, levy, other_costs, receive
from resilience.months.month_end import bury, close_docks, events, foresee, settle, strike
from resilience.months.notice import serve_notice, withdrawals
from resilience.months.opening import awards, open_books, opening_cases
from resilience.months.people import contracts_end, go, join_and_pay, leave_scheme, liability_of_heads, worry
from resilience.months.remedies import gifts_and_fees, leave_unwritten
from resilience.months.services import deliver, recover, tell_services, wear
from resilience.months.setbacks import burdens, policy, unlisted
from resilience.months.undocking import funding_told, transfer_out
from resilience.months.volunteers import come_and_go, supervise
from resilience.rows import APPEAL, COST_PER_COMPLETED, MERGE, MISSION_FIT, NEVER, RECOVERY, UTILISATION


def _begin_month(path, month):
    for p in range(path.bank.shape[0]):
        month.hub_spending[p], month.receipts[p], month.payments[p], month.income_received[p] = 0, 0, 0, 0
        month.joined[p], month.left[p], month.transferred[p], month.tied[p] = 0, 0, 0, 0
        if path.alive[p] == 1:
            month.liability[p] = 0
    for k in range(month.pay.shape[0]):
        for p in range(path.bank.shape[0]):
            month.pay[k, p], month.nic[k, p], month.nonpay[k, p] = 0, 0, 0
    for d in range(month.exits.shape[0]):
        for p in range(path.bank.shape[0]):
            month.exits[d, p] = 0
    for i in range(4):
        for p in range(path.bank.shape[0]):
            month.income[i, p] = 0
            month.people[i, p] = 0.0
            month.people[4, p] = 0.0
            if i < 3:
                month.spending[i, p] = 0


begin_month = compiled(_begin_month, inner=True)


def _play(
    clock,
    streams,
    funds,
    charges,
    posts,
    lines,
    services,
    money,
    rules,
    posts_of,
    streams_of,
    redeployment,
    irregular,
    hub,
    volunteers,
    luck,
    u,
    path,
    purses,
    incomes,
    teams,
    bays,
    cases,
    board,
    month,
    kept,
    record,
):
    """Every month of a block of paths, in the order of docs/model.md, section 8."""
    open_books(
        clock, streams, funds, posts, money, posts_of, streams_of, luck, u, path, purses, incomes, teams, bays, record
    )
    ruled = rules.when.shape[0] > 0  # without a rule nobody decides anything
    docking = (
        ruled or luck.tupe == 1 or posts.expiring == 1
    )  # docks end by a rule, with the work, or with the contracts
    helped = volunteers.dock.shape[0] > 0
    telling = kept.people_slot[UTILISATION] >= 0 or kept.people_slot[COST_PER_COMPLETED] >= 0
    straining = False
    for v in range(services.strain.shape[0]):
        straining = straining or services.strain[v] > 0.0
    scheme = money.exit_debt != 0 and (posts.member.any() or money.scheme_until < NEVER)
    remedies = False
    for i in range(rules.do.shape[0]):
        remedies = remedies or rules.do[i] == APPEAL or rules.do[i] == MERGE
    for t in range(clock.months):
        begin_month(path, month)
        bank_interest(t, money, luck, path, month)
        if rules.peak.shape[0] > 0:
            leave_unwritten(t, money, streams, rules, luck, path, purses, record)
        if hub.short == 1 and hub.odds > 0.0:
            refuse(t, hub, streams, luck, path, incomes)
        amounts(t, clock, streams, posts, posts_of, luck, path, incomes, teams, bays, record)
        funding_of_docks(t, streams_of, luck, path, incomes, bays)
        if docking:
            funding_told(t, streams, streams_of, luck, path, incomes, bays, record)
        transfer_in(t, posts, luck, path, incomes, teams, month, record)
        moving = luck.economy.moves == 1 and clock.year[t] > 0
        more, dearer = luck.economy.pay[clock.year[t]], luck.economy.prices[clock.year[t]]
        join_and_pay(t, moving, posts, streams_of, u, path, teams, bays, month, record)
        if helped:
            supervise(t, posts, volunteers, path, teams, bays, month)
        if moving:
            pay_as_earnings_move(more, path, month, record)
        if t == 0:
            opening_cases(posts, services, posts_of, luck, path, teams, bays, cases, month)
            opening_units(posts, services, posts_of, luck, teams, bays, cases, month)
        prices(t, moving, dearer, clock, lines, streams_of, luck, path, bays, month, record)
        if hub.step_docks > 0:
            step_costs(t, hub, path, bays, month)
        burdens(t, luck, path, month, record)
        policy(t, luck, path, record)
        receive(t, path, purses, month)
        if remedies:
            gifts_and_fees(t, path, month, record)
        fill_ups(streams, posts_of, teams, incomes)
        accrue(t, clock, streams, irregular, luck, path, purses, incomes, cases, month, record)
        if luck.unnamed_income.shape[0] > 0:
            unnamed(t, luck, path, purses, month, record)
        if kept.people_slot[MISSION_FIT] >= 0:
            fit(t, clock, streams, posts, lines, streams_of, luck, path, incomes, teams, bays, month)
        other_costs(t, streams, irregular, luck, path, incomes, month)
        if luck.tupe == 1:
            transfer_out(t, posts, posts_of, luck, path, teams, bays, month, record)
        if posts.expiring == 1:
            contracts_end(t, more, posts, redeployment, u, posts_of, path, teams, bays, month, record)
        unrest(posts, hub, path, teams)
        if straining:
            wear(t, posts, services, posts_of, path, teams, bays, cases)
        if ruled and posts.at_risk != 0.0:
            worry(posts, posts_of, path, teams, bays)
        go(t, more, posts, redeployment, u, path, teams, month, record)
        if scheme:
            leave_scheme(t, money, posts, path, teams, month, record)
        if helped:
            come_and_go(posts, posts_of, volunteers, path, teams, bays)
        measure(posts, hub, path, teams, bays, month, record)
        reimburse(streams, irregular, path, incomes, month)
        if money.levy > 0:
            levy(t, more, money, posts, teams, month)
        charge_and_pay(t, clock, funds, charges, money, luck, path, purses, month)
        claw_back(t, streams, irregular, luck, path, purses, incomes, month, record)
        unlisted(t, luck, path, month, record)
        balance_sheet(t, money, luck, path, month)
        borrow(t, money, path, purses, month, record)
        deliver(t, posts, services, posts_of, luck, path, teams, bays, cases, month, record)
        if ruled:
            settle(t, money, streams, path, purses, incomes, teams, month)
        strike(money, streams, path, purses, incomes, month)
        liability_of_heads(t, moving, more, posts, path, teams, month)
        events(t, clock, money, path, purses, incomes, teams, month, record)
        for h in range(rules.horizons.shape[0]):
            ahead = rules.horizons[h]
            outlook(t, ahead, clock, irregular, luck, cases, incomes)
            told_income(t, ahead, streams, rules, luck, path, purses, incomes)
            forecast(t, ahead, more, clock, charges, posts, money, path, purses, teams, bays, month, month.further[h])
            forecast_reserves(t, h, ahead, clock, money, path, purses, month)
        outlook(t, AHEAD, clock, irregular, luck, cases, incomes)
        told_income(t, AHEAD, streams, rules, luck, path, purses, incomes)
        forecast(t, AHEAD, more, clock, charges, posts, money, path, purses, teams, bays, month, month.forecast)
        keep_money(t, path, purses, month, kept)
        bury(t, path, incomes, bays)
        foresee(t, path, month)
        awards(t, streams, posts, posts_of, luck, path, teams, bays)
        if ruled:
            withdrawals(t, posts, posts_of, path, teams, bays, record)
            decide(
                t,
                more,
                dearer,
                clock,
                streams,
                posts,
                lines,
                rules,
                posts_of,
                streams_of,
                luck,
                path,
                incomes,
                teams,
                bays,
                board,
                month,
                record,
            )
            serve_notice(t, posts, path, teams, bays, record)
        if docking:
            close_docks(t, posts_of, streams_of, luck, path, incomes, teams, bays, record)
        if kept.people_slot[RECOVERY] >= 0:
            recover(t, path, cases, month)
        if telling:
            tell_services(t, path, cases, month)
        keep_people(t, posts, path, teams, cases, month, kept)


play = compiled(_play)
