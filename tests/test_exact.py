"""The exact engine on cases small enough to do by hand: the sum stands beside every expected value. Money is pence."""

import itertools
from fractions import Fraction as F

import exact_answers as known
import pytest

from resilience.errors import InputError
from resilience.exact import exact
from resilience.organisation import Shock

GIFT = {"kind": "giving", "form": "gift", "payment": "monthly", "yearly": 12_000, "cut": 0}


def gift(**changes):
    return {**GIFT, **changes}


def arrears(**changes):
    paid = {"kind": "NHS", "form": "contract", "payment": "arrears", "yearly": 12_000, "cut": 0, "late": 0}
    return {**paid, **changes}


def grant(**changes):
    return {"kind": "trust", "form": "grant", "yearly": 12_000, "cut": 0, "payment": "monthly", **changes}


def bid(**changes):
    paid = {"kind": "NHS", "form": "sale", "payment": "monthly", "yearly": 12_000, "term": 12, "chance": 0.25}
    return {**paid, "decision": "2026-05", **changes}


def costs(yearly, **changes):
    return {"costs": {"all": {"yearly": yearly, "grows": 0, **changes}}}


# ---- chance


def test_a_bid_is_won_or_lost():
    # told in month 1; standstill 1 and mobilisation 2: go-live 1 + 1 + 1 + 2 = 5. Bidding 500 in month 1, won or lost.
    # Mobilising 1,000 over months 2, 3, 4, 5: 250 each.
    one = bid(cost=500, standstill=1, mobilisation={"months": 2, "cost": 1_000})
    found = exact(known.charity(bank=10_000, bids={"one": one}), 8)
    assert found.distribution("bank", 0) == {1_000_000: 1}
    assert found.distribution("bank", 1) == {950_000: 1}
    # won, by month 5: 10,000 − 500 − 1,000 + one month of 1,000 = 9,500; lost: 9,500. By month 4: 8,750 and 9,500.
    assert found.distribution("bank", 4) == {875_000: F(1, 4), 950_000: F(3, 4)}
    assert found.distribution("bank", 5) == {950_000: 1}
    assert found.mean("income", 6) == 25_000  # a quarter of 1,000
    assert found.variance("income", 6) == F(3, 16) * 100_000**2


def test_a_settlement_cut_waits_for_april_and_for_its_notice():
    # First month January 2027. Decisions in February (t = 1), notice 3: in force t = 1 + 3 + 1 = 5; April is t = 3.
    stream = gift(cut=0.4, settlement_share=1, depth=0.5, at_most=1, decision_month="February", notice=3)
    found = exact(known.charity("2027-01", streams={"giving": stream}), 15)
    assert found.distribution("income", 4) == {100_000: 1}
    assert found.distribution("income", 5) == {50_000: F(2, 5), 100_000: F(3, 5)}
    # the next decision, t = 13, counts from t = 17 on
    assert found.distribution("income", 14) == {50_000: F(2, 5), 100_000: F(3, 5)}


def test_two_settlement_cuts_compound_and_at_most_counts():
    # March decisions, no notice: in force in April. After two: 640 = 1,000 × 0.8² with 1/9, 800 with 4/9, else 1,000.
    stream = gift(cut=1 / 3, settlement_share=1, depth=0.2, decision_month="March", notice="none")
    third = F(repr(1 / 3))
    found = exact(known.charity(streams={"giving": stream}), 26).distribution("income", 25)
    assert found == {64_000: third**2, 80_000: 2 * third * (1 - third), 100_000: (1 - third) ** 2}
    once = known.charity(streams={"giving": {**stream, "at_most": 1}})
    assert exact(once, 26).distribution("income", 25) == {80_000: 1 - (1 - third) ** 2, 100_000: (1 - third) ** 2}


def test_the_first_decision_is_not_taken_in_the_first_month():
    stream = gift(cut=1, settlement_share=1, depth=1, decision_month="March", notice="none")
    found = exact(known.charity("2027-03", streams={"giving": stream}), 14)  # t = 0 is March 2027
    assert found.distribution("income", 11) == {100_000: 1}
    assert found.distribution("income", 13) == {0: 1}  # March 2028, t = 12, for April


@pytest.mark.parametrize(("settled", "notice"), [(0, 0), (0.8, 3), (0.6, "none")])
def test_time_to_the_first_cut_is_geometric(settled, notice):
    stream = gift(cut=0.3, settlement_share=settled, depth=0.5, at_most=1, decision_month="February", notice=notice)
    found = exact(known.charity("2026-09", streams={"giving": stream}), 24)
    by_hand = known.first_cut(0.3, settled, 2, None if notice == "none" else notice, "2026-09", 24)
    for t in range(24):
        assert float(found.distribution("income", t).get(50_000, 0)) == pytest.approx(sum(by_hand[: t + 1]), abs=1e-12)


def test_a_chain_of_renewals():
    # told at the ends of September 2026, March and September 2027: t = 6, 12, 18, each 1/2, at 9/10 of the amount
    renewal = {"chance": 0.5, "told": 1, "term": 6, "fraction": 0.9}
    stream = gift(until="2026-09", renewal=renewal)
    stream.pop("cut")
    found = exact(known.charity(streams={"giving": stream}), 20)
    assert found.distribution("income", 5) == {100_000: 1}
    assert found.distribution("income", 6) == {0: F(1, 2), 90_000: F(1, 2)}
    assert found.distribution("income", 18) == {0: F(7, 8), 72_900: F(1, 8)}  # 0.9³ × 1,000
    chain = known.renewal_chain(0.5, [6, 12, 18], 18)
    assert chain == [0, 0, 0, 0.125, 0.875]


def test_a_payers_habit_is_one_for_all_its_streams():
    # lag 1.25: a month with 3/4, two with 1/4, for both streams of the payer alike
    streams = {n: arrears(payer="county", lag=1.25) for n in ("first", "second")}
    found = exact(known.charity(bank=0, streams=streams), 3)
    assert found.distribution("receipts_of_income", 1) == {0: F(1, 4), 200_000: F(3, 4)}
    assert found.distribution("bank", 2) == {200_000: F(1, 4), 400_000: F(3, 4)}
    # two payers: independent
    found = exact(known.charity(bank=0, streams={n: arrears(lag=1.25) for n in ("first", "second")}), 3)
    assert found.distribution("receipts_of_income", 1) == {0: F(1, 16), 100_000: F(6, 16), 200_000: F(9, 16)}


def test_late_invoices_come_later_by_a_geometric_tail():
    # lag 0, a fifth late, mean 2 months: the first invoice comes in month 0 with 4/5, in month 1 with 1/5 · 1/2
    found = exact(known.charity(bank=0, streams={"one": arrears(lag=0, late=0.2, late_months=2)}), 6)
    assert found.distribution("receipts_of_income", 0) == {0: F(1, 5), 100_000: F(4, 5)}
    # month 1: late one in (1/10), own one in (4/5), independent
    late, own = F(1, 10), F(4, 5)
    assert found.distribution("receipts_of_income", 1) == {
        0: (1 - late) * (1 - own),
        100_000: late * (1 - own) + (1 - late) * own,
        200_000: late * own,
    }
    for t, mean in enumerate(known.expected_receipts([100_000] * 6, 0, 0.2, 2)):
        assert float(found.mean("receipts_of_income", t)) == pytest.approx(mean)
    # mean 1: exactly one month; nothing is out for longer
    found = exact(known.charity(bank=0, streams={"one": arrears(lag=0, late=0.2)}), 4)
    assert found.distribution("bank", 3) == {300_000: F(1, 5), 400_000: F(4, 5)}


def test_a_shock_cuts_from_its_month_on_and_waits_for_the_next_term():
    first = known.charity().first_month
    shock = [Shock("giving", 0.3, first + 4, first + 1, "a scenario")]
    found = exact(known.charity(streams={"giving": gift()}), 6, shock)
    assert [found.mean("income", t) for t in (3, 4, 5)] == [100_000, 70_000, 70_000]
    fixed = gift(until="2026-09", renewal={"chance": 1, "term": 6})
    fixed.pop("cut")
    found = exact(known.charity(streams={"giving": fixed}), 8, shock)
    assert [found.mean("income", t) for t in (4, 5, 6)] == [100_000, 100_000, 70_000]


# ---- accounts


def test_a_quarter_paid_ahead_is_income_of_a_grant_and_deferred_income_of_a_contract():
    # from March 2026, so quarters begin in June (t = 2) and September; April and May of the contract are paid for.
    ahead = {"payment": "quarterly in advance", "from": "2026-03", "cut": 0, "yearly": 12_000}
    streams = {"grant": {"kind": "trust", "form": "grant", "fund": "unrestricted", **ahead}}
    found = exact(known.charity(bank=0, streams=streams), 5)
    assert [found.mean("income", t) for t in range(5)] == [0, 0, 300_000, 0, 0]
    streams = {"contract": {"kind": "NHS", "form": "contract", **ahead}}
    found = exact(known.charity(bank=5_000, streams=streams), 5)
    assert [found.mean("income", t) for t in range(5)] == [100_000] * 5
    assert [found.mean("bank", t) for t in range(5)] == [500_000, 500_000, 800_000, 800_000, 800_000]
    # opening deferred 2,000; after April 1,000: reserves 4,000, then 5,000, then 8,000 − 2,000 of the new quarter
    assert [found.mean("free_reserves", t) for t in range(3)] == [400_000, 500_000, 600_000]


def test_payroll_leaves_in_two_months():
    # 24,000 a year from May 2026: pay 2,000; NIC 15 % of 19,000 ÷ 12 = 237.50; pension 3 % of 17,760 ÷ 12 = 44.40:
    # 2,281.90 a month, of which 30.6 % = 698.26 a month later and 1,583.64 now. May is the second twelfth of each.
    post = {"heads": 1, "hours": 30, "pay": 24_000, "service": 0, "turnover": 0}
    found = exact(known.charity("2026-05", bank=10_000, hub={"posts": {"one": post}}), 3)
    assert found.mean("spending", 0) == 228_190
    assert found.mean("bank", 0) == 1_000_000 - 158_364
    assert found.mean("bank", 1) == 1_000_000 - 158_364 - 228_190
    # owed at the end of May: 698.26
    assert found.mean("free_reserves", 0) == 1_000_000 - 228_190


def test_the_employment_allowance_spares_nic_until_it_is_used_up():
    # 4 heads of 55,000: NIC 15 % of 50,000 = 7,500 a head, 2,500 a month for all: 10,500 lasts 4 months and 500 more.
    # December 2026: 8 months gone since April, 20,000 > 10,500 used; April 2027 (t = 4) begins anew.
    post = {"heads": 4, "pay": 55_000, "service": 0, "pension": 0, "turnover": 0}
    charity = known.charity("2026-12", bank=500_000, employment_allowance=True, hub={"posts": {"all": post}})
    spending = [exact(charity, 10).mean("spending", t) for t in range(10)]
    pay, nic = -(-4 * 55_000_00 // 12), 250_000
    assert spending[3] == pytest.approx(pay + nic, abs=4)
    assert spending[4:8] == pytest.approx([pay] * 4, abs=4)
    assert spending[8] == pytest.approx(pay + nic - 50_000, abs=4)
    assert spending[9] == pytest.approx(pay + nic, abs=4)


def test_pay_prices_and_uplift_rise_in_april():
    # First month March 2026, so April is t = 1. Pay × 1.03, line × 1.02, giving × (1 + 0.5 × 0.02)
    post = {"heads": 1, "hours": 10, "pay": 12_000, "service": 0, "pension": 0, "turnover": 0}
    hub = {"posts": {"one": post}, "costs": {"all": {"yearly": 12_000}}}
    economy = {"cpi": 0.02, "earnings": 0.03}
    tied = gift(uplift={"share_of_cpi": 0.5})
    found = exact(known.charity("2026-03", hub=hub, economy=economy, streams={"giving": tied}), 14)
    assert [found.mean("income", t) for t in (0, 1, 12, 13)] == [100_000, 101_000, 101_000, 102_010]
    # 12,000 a year: NIC 15 % of 7,000 = 1,050 a year, 87.50 a month; 12,360: of 7,360 = 1,104 a year, 92 a month
    assert found.mean("spending", 0) == 100_000 + 8_750 + 100_000
    assert found.mean("spending", 1) == 103_000 + 9_200 + 102_000


def test_nothing_rises_in_the_first_month_even_if_it_is_april():
    # what the file says holds in month 0: giving 1,000, line 1,000, pay 12,000 a year with NIC of 87.50 a month
    post = {"heads": 1, "hours": 10, "pay": 12_000, "service": 0, "pension": 0, "turnover": 0}
    hub = {"posts": {"one": post}, "costs": {"all": {"yearly": 12_000}}}
    charity = known.charity(
        "2026-04", hub=hub, economy={"cpi": 0.02, "earnings": 0.03}, streams={"a": gift(uplift=0.1)}
    )
    found = exact(charity, 13)
    assert [found.mean("income", t) for t in (0, 11, 12)] == [100_000, 100_000, 110_000]
    assert [found.mean("spending", t) for t in (0, 12)] == [100_000 + 8_750 + 100_000, 103_000 + 9_200 + 102_000]


def test_a_restricted_fund_bears_its_dock_and_pays_overhead():
    # A grant of 3,000 a quarter; the dock's line costs 800 a month, paid at once; overhead 25 % = 200.
    paid = grant(fund="work", payment="quarterly in advance", **{"from": "2026-04"})
    dock = {"team": {"funded_by": ["work"], **costs(9_600)}}
    tables = {"funds": {"work": {"overhead": 0.25}}, "streams": {"work": paid}, "docks": dock}
    found = exact(known.charity(bank=1_000, **tables), 4)
    # restricted cash 3,000 − 800 − 200 = 2,000, 1,000, 0; unrestricted 1,000 + 200 a month
    assert [found.mean("restricted_cash", t) for t in range(4)] == [200_000, 100_000, 0, 200_000]
    assert [found.mean("spendable", t) for t in range(3)] == [120_000, 140_000, 160_000]
    assert [found.mean("bank", t) for t in range(3)] == [320_000, 240_000, 160_000]
    # a cap of 300 a year: 200, 100, 0
    tables["funds"]["work"]["overhead_cap"] = 300
    found = exact(known.charity(bank=1_000, **tables), 3)
    assert [found.mean("spendable", t) for t in range(3)] == [120_000, 130_000, 130_000]


def test_charges_are_taken_pay_first_dock_before_dock_and_shares_last():
    # One fund of 10,000 for everything, which bears: of dock a 4,800 ÷ 12 = 400 of pay, then its line of 8,000; of dock
    # b, though it has pay, what is left: 10,000 − 8,400 = 1,600 of its pay and line 400 + 2,000; nothing of the shares.
    post = {"one": {"heads": 1, "hours": 7, "pay": 4_800, "service": 0, "turnover": 0}}
    docks = {
        "b": {"funded_by": ["second"], "posts": post, **costs(24_000)},
        "a": {"funded_by": ["first"], "posts": post, **costs(96_000)},
    }
    streams = {n: grant(fund="work", yearly=0) for n in ("first", "second")}
    hub = costs(12_000, charged_to={"work": 0.5})
    found = exact(
        known.charity(bank=50_000, funds={"work": {"opening": 10_000}}, streams=streams, docks=docks, hub=hub), 1
    )
    # of the pay of dock b all 400, of its line 1,200; unrestricted 800 of it and the hub's 1,000. Pay leaves less 30.6 %.
    assert found.mean("unrestricted_funds", 0) == 4_000_000 - 80_000 - 100_000
    assert found.mean("restricted_cash", 0) == 2 * 12_240  # of 400 each, 122.40 leaves next month
    # without dock b, the hub's line is borne by half
    alone = {"a": docks["a"]}
    found = exact(
        known.charity(bank=50_000, funds={"work": {"opening": 10_000}}, streams=streams, docks=alone, hub=hub), 1
    )
    assert found.mean("unrestricted_funds", 0) == 4_000_000 - 50_000


def test_the_allowance_spares_unrestricted_nic_before_restricted():
    # From April 2026; a head each of 55,000 × 3: NIC 3 × 625 = 1,875 a month; 10,500 a year, both 1,875: 3,750 a month.
    # Two months in full, then 3,000: 1,875 for the hub and 1,125 for the dock, then none.
    post = {"one": {"heads": 3, "pay": 55_000, "service": 0, "pension": 0, "turnover": 0}}
    docks = {"team": {"funded_by": ["work"], "posts": post}}
    tables = {"funds": {"work": {"opening": 200_000}}, "streams": {"work": grant(fund="work", yearly=0)}}
    found = exact(known.charity(employment_allowance=True, hub={"posts": post}, docks=docks, **tables), 4)
    funds = [1_000_000_00 - 200_000_00, *(found.mean("unrestricted_funds", t) for t in range(4))]
    spent = [a - b for a, b in itertools.pairwise(funds)]
    assert spent == [1_374_999, 1_375_002, 1_374_999, 1_374_999 + 187_500]  # 13,750 of pay; the last with its NIC


def test_loans_assets_and_vat():
    # Loan 9,999.99 at 7 %: interest 58.33 (58.3333) and repayment 100 a month; month 1: 9,899.99 × 7 % ÷ 12 = 57.75.
    # Assets of 150 wear by 100 a month, 50 in month 1; one of 600 is bought in month 1 and wears from month 2.
    # Line 12,000 with 2,000 of VAT in it, of which 35 % comes back: 11,300 a year, 941.67 in April, 941.66 in May.
    loan = {"balance": 9_999.99, "repayment": 1_200, "interest": 0.07, "secured": True}
    assets = {"value": 150, "depreciation": 1_200, "purchases": [{"month": "2026-05", "amount": 600}]}
    tables = {"loans": {"one": loan}, "fixed_assets": assets, "hub": costs(12_000, vat="recoverable")}
    found = exact(known.charity(bank=20_000, recoverable_vat=0.35, **tables), 3)
    assert [found.mean("spending", t) for t in (0, 1)] == [94_167 + 5_833 + 10_000, 94_166 + 5_775 + 5_000]
    assert found.mean("bank", 0) == 2_000_000 - 94_167 - 5_833 - 10_000
    assert found.mean("closing_liability", 1) == 979_999
    bank = found.mean("bank", 1)
    assert bank == 1_890_000 - 94_166 - 5_775 - 10_000 - 60_000
    assert found.mean("unrestricted_funds", 1) == bank + 60_000 - 979_999
    assert found.mean("free_reserves", 1) == bank - 979_999 + 60_000  # the secured loan is more than the assets


def test_quarters_without_a_first_month_are_those_of_the_funders_year():
    # First month June 2026: the third of its quarter, one part of a contract is paid for; the next comes in July.
    paid = {"kind": "NHS", "payment": "quarterly in advance", "cut": 0, "yearly": 12_000}
    streams = {"one": paid | {"form": "contract"}}
    found = exact(known.charity("2026-06", bank=5_000, streams=streams), 5)
    assert [found.mean("bank", t) for t in range(5)] == [500_000, 800_000, 800_000, 800_000, 1_100_000]
    assert [found.mean("income", t) for t in range(5)] == [100_000] * 5
    assert found.mean("free_reserves", 0) == 500_000


def test_dated_debts_come_in_their_month():
    opening = {"bank": 100, "creditors": 0, "debtors": 10, "owed": [{"month": "2026-05", "amount": 30}]}
    found = exact(known.charity(opening=opening), 2)
    assert [found.mean("bank", t) for t in range(2)] == [11_000, 14_000]
    assert [found.mean("free_reserves", t) for t in range(2)] == [14_000, 14_000]
    assert [found.mean("income", t) for t in range(2)] == [0, 0]


def test_a_fund_in_arrears_goes_below_nil_only_up_to_what_it_has_earned():
    # 1,000 a month, a month behind; the dock costs 1,500: 1,000 charged, 500 unrestricted. Cash of the fund −1,000.
    paid = grant(fund="work", payment="arrears", lag=1, late=0)
    dock = {"team": {"funded_by": ["work"], **costs(18_000)}}
    found = exact(known.charity(bank=5_000, funds={"work": {}}, streams={"work": paid}, docks=dock), 3)
    assert [found.mean("bank", t) for t in range(3)] == [350_000, 300_000, 250_000]
    assert [found.mean("restricted_cash", t) for t in range(3)] == [0, 0, 0]
    # unrestricted funds: 5,000 − 500 a month; the fund's balance is nil
    assert [found.mean("free_reserves", t) for t in range(3)] == [450_000, 400_000, 350_000]


def test_restricted_money_is_touched_before_insolvency():
    # 3,000 of 4,000 is restricted; 600 a month from the general 1,000: 400, −200, −800, −1,400: the third one ends it.
    tables = {"funds": {"kept": {"opening": 3_000}}, "streams": {"kept": grant(fund="kept", yearly=0)}}
    found = exact(known.charity(bank=4_000, hub=costs(7_200), **tables), 6)
    assert found.touched == [0, 1, 1, 1, 1, 1]
    assert found.insolvent == [0, 0, 0, 1, 1, 1]
    assert found.breach == [0, 1, 1, 1, 1, 1]  # policy: free reserves of 0
    assert found.no_return == [0, 1, 1, 1, 1, 1]  # nothing to pay on closing
    assert found.quantile("bank", 2, 0.5) == 220_000
    assert found.quantile("bank", 3, 0.5) is None


def test_insolvency_is_a_breach_of_the_policy():
    # 5,000 are owed to us, and the bank is at 400, then −200
    opening = {"bank": 1_000, "creditors": 0, "owed": [{"month": "2027-03", "amount": 5_000}]}
    found = exact(known.charity(opening=opening, hub=costs(7_200)), 3)
    assert found.insolvent == found.breach == [0, 1, 1]


def test_an_empty_bank_is_insolvent_at_once_and_a_facility_holds_it_up():
    # 1,000 in the bank, 600 a month: 400, −200. With a facility of 500 at 12 % a year: draws 200, then 602, beyond 500.
    found = exact(known.charity(bank=1_000, hub=costs(7_200)), 3)
    assert found.insolvent == [0, 1, 1]
    charity = known.charity(bank=1_000, hub=costs(7_200), facility={"limit": 500, "interest": 0.12})
    found = exact(charity, 3)
    assert found.insolvent == [0, 0, 1]
    assert found.distribution("bank", 1) == {0: 1}
    assert found.distribution("headroom", 1) == {30_000: 1}
    # repaid first: a sale of 1,000 a month from month 2 (100 spare a month after 602 with interest of 2)
    sale = gift(form="sale", kind="trading", **{"from": "2026-06"})
    found = exact(charity.model_copy(update={"streams": known.charity(streams={"sale": sale}).streams}), 3)
    # spendable −200 + 1,000 − 600 − 2 interest = 198, all repaid and nothing left owing: bank 198
    assert found.distribution("bank", 2) == {19_800: 1}
    assert found.distribution("headroom", 2) == {69_800: 1}


def test_investments_are_sold_before_the_facility_is_drawn():
    opening = {"bank": 1_000, "investments": 500, "creditors": 0}
    charity = known.charity(hub=costs(14_400), opening=opening, facility={"limit": 2_000, "interest": 0})
    found = exact(charity, 2)
    # 1,200 a month: −200, so 200 of 500 is sold; then 1,200 more: 300 sold and 900 drawn
    assert [found.mean("bank", t) for t in range(2)] == [0, 0]
    assert [found.mean("spendable", t) for t in range(2)] == [30_000, 0]
    assert [found.mean("headroom", t) for t in range(2)] == [230_000, 110_000]


def test_a_team_is_recruited_when_its_bid_is_won():
    # told in May (t = 1), go-live t = 2; recruiting 3 months: joins in max(2, 1 + 1 + 3) = 5; its line runs from t = 2.
    post = {
        "heads": 2,
        "hours": 7,
        "pay": 4_800,
        "service": 0,
        "turnover": 0,
        "recruiting_months": 3,
        "recruiting_cost": 70,
    }
    dock = {"team": {"funded_by": ["one"], "posts": {"worker": post}, **costs(1_200)}}
    found = exact(known.charity(bids={"one": bid()}, docks=dock), 7)
    spent = [found.distribution("spending", t) for t in range(7)]
    # 4,800 is below the NIC threshold (5,000) and the pension band (6,240): 400 a month each. Paid on joining: 2 × 70.
    assert spent[1] == {0: 1}
    assert spent[2] == {0: F(3, 4), 10_000: F(1, 4)}
    assert spent[5] == {0: F(3, 4), 10_000 + 80_000 + 14_000: F(1, 4)}
    assert spent[6] == {0: F(3, 4), 10_000 + 80_000: F(1, 4)}


def test_closing_liability_of_one_head():
    # 26,000 a year: 500 a week; NIC 15 % of 21,000 = 3,150, pension 3 % of 19,760 = 592.80: 71.976923 a week on top.
    # 5 years and a month: notice 5 weeks = 5 × 571.976923 = 2,859.88. Aged 44: three years from 41 on at 1½ weeks, two
    # at 1: 6½ weeks × 500 = 3,250. Holiday 2 weeks × 500 × 1.15 = 1,150, with NIC. Run-off 700. Lease: May, June = 200.
    post = {"heads": 1, "pay": 26_000, "age": 44, "service": 5, "turnover": 0}
    closing = {"holiday_weeks": 2, "run_off": 700, "lease_until": "2026-06", "lease_yearly": 1_200}
    found = exact(known.charity(bank=20_000, hub={"posts": {"one": post}}, closing=closing), 1)
    assert found.mean("closing_liability", 0) == 285_988 + 325_000 + 115_000 + 70_000 + 20_000


def test_policy_of_months_counts_unrestricted_spending_of_three_months():
    # Two months of what is spent: 1,000 a month in March, 1,100 from April on (growth 10 %; month 0 is March 2027, and
    # stands for the months before). Bank 4,200: 3,200, 2,100, 1,000. Targets 2,000, 2 × 3,100/3 = 2,066.67, 2,133.33.
    office = costs(12_000, grows=0.1)
    found = exact(known.charity("2027-03", bank=4_200, reserves_policy={"months": 2}, hub=office), 3)
    assert found.breach == [0, 0, 1]
    found = exact(known.charity("2027-03", bank=4_166, reserves_policy={"months": 2}, hub=office), 3)
    assert found.breach == [0, 1, 1]  # 2,066 < 2,066.67
    found = exact(known.charity("2027-03", bank=1_999, reserves_policy={"months": 2}, hub=office), 3)
    assert found.breach is None  # already at the opening


# ---- refusals


@pytest.mark.parametrize(
    ("tables", "place"),
    [
        ({"streams": {"a": gift(yearly={"low": 1, "likely": 2, "high": 4})}}, "streams.a.yearly"),
        ({"streams": {"a": gift(noise={"sd": 0.1})}}, "streams.a.noise"),
        ({"hub": {"posts": {"b": {"heads": 1, "pay": 20_000, "service": 1, "turnover": 0.1}}}}, "hub.posts.b.turnover"),
        ({"opening": {"bank": 1, "creditors": None}}, "opening.creditors"),
        ({"facility": {"limit": 1, "covenant": 1}}, "facility.covenant"),
        ({"chance": False}, "chance"),
        ({"doubt": {"winning": 0.5, "renewal": 0, "cuts": 0}}, "doubt.winning"),
        ({"doubt": {"winning": 0, "renewal": 0.1, "cuts": 0}}, "doubt.renewal"),
        ({"doubt": {"winning": 0, "renewal": 0}}, "doubt.cuts"),
        ({"unlisted_event": {}}, "unlisted_event.chance"),
        ({"streams": {"a": gift(kind="NHS")}, "funder_events": True}, "funder_events"),
        ({"streams": {"a": gift(statutory_duty=True)}}, "streams.a.statutory_duty"),
        ({"streams": {"a": gift(austerity=2)}, "climate": {}}, "climate"),
        ({"bids": {"a": bid(demobilisation=1)}}, "bids.a.demobilisation"),
    ],
)
def test_what_it_cannot_do_is_refused_by_name(tables, place):
    with pytest.raises(InputError) as refusal:
        exact(known.charity(**tables), 3)
    assert place in [fault.place for fault in refusal.value.faults]


def test_too_many_outcomes_are_refused(monkeypatch):
    monkeypatch.setattr("resilience.exact.outcomes.MOST_STATES", 3)
    with pytest.raises(InputError, match="more than 3 outcomes by month 2"):
        exact(known.charity(bids={"a": bid(), "b": bid(yearly=2), "c": bid(yearly=3)}), 6)


def test_probabilities_sum_to_one_whatever_happens():
    stream = gift(cut=0.7, settlement_share=0.5, depth=0.6, decision_month="February", notice=1, at_most=2)
    streams = {"a": stream, "b": arrears(lag=1.5, late=0.3, late_months=1.7, yearly=6_000)}
    found = exact(known.charity(bank=4_000, streams=streams, bids={"c": bid(cost=200)}, hub=costs(20_000)), 18)
    for t in range(18):
        assert sum(found.distribution("bank", t).values()) + found.insolvent[t] == 1
    assert 0 < found.insolvent[-1] < 1
    assert found.insolvent == sorted(found.insolvent)


def test_pay_is_at_least_the_minimum_wage():
    # 20 hours at 12.71 × 52 = 13,218.40 a year, from the month 0 on; 13,218.40 ÷ 12 = 1,101.53. NIC 15 % of 8,218.40 =
    # 1,232.76, by month 102.73. Pension nil.
    post = {"heads": 1, "hours": 20, "pay": 10_000, "service": 0, "pension": 0, "turnover": 0}
    found = exact(known.charity("2026-04", hub={"posts": {"one": post}}), 1)
    assert found.mean("spending", 0) == 110_153 + 10_273


def test_the_minimum_wage_rises_with_earnings_after_the_last_known():
    # 12.71 until March 2027; 3 % in April 2027 and 2028: 12.71 × 1.03² × 20 × 52 = 14,023.40 a year, 1,168.62 in May,
    # the second month: 2,337.23 − 1,168.62 = 1,168.61. NIC 15 % of 9,023.40 = 1,353.51: 225.585 − 112.79 = 112.80.
    post = {"heads": 1, "hours": 20, "pay": 10_000, "service": 0, "pension": 0, "turnover": 0}
    charity = known.charity("2028-05", hub={"posts": {"one": post}}, economy={"earnings": 0.03})
    assert exact(charity, 1).mean("spending", 0) == 116_861 + 11_280
