"""The shipped organisation certain, worked by hand before there was an engine: every month and account, to the penny.

Written from docs/model.md and MODEL.md alone. Money is whole pence, 2_559_40 for 2,559.40 pounds; what a sum comes to
stands behind it, in pounds. t = 0 is October 2026. First what one head, one line and one cut come to; then the months
under carry on, until insolvency; then those that the strategy hub_and_dock changes.

PAY OF A HEAD, A MONTH: part(Y, m) = round(Y m / 12) - round(Y (m - 1) / 12), m = 7 in October.
    office (2)      October 2026   pay 30,000 / 12 = 2,500.00; pension (30,000 - 6,240) x 0.03 / 12 = 59.40;
                                   NIC (30,000 - 5,000) x 0.15 / 12 = 312.50
                    April 2027     pay 30,900 / 12 = 2,575.00; pension (30,900 - 6,240) x 0.03 / 12 = 61.65;
                                   NIC (30,900 - 5,000) x 0.15 / 12 = 323.75
    mentor,         October 2026   pay 24,000 / 12 = 2,000.00; pension (24,000 - 6,240) x 0.03 / 12 = 44.40;
    advocate, and                  NIC (24,000 - 5,000) x 0.15 / 12 = 237.50
    from April      April 2027     pay 24,720 / 12 = 2,060.00; pension (24,720 - 6,240) x 0.03 / 12 = 46.20;
    the adviser                    NIC (24,720 - 5,000) x 0.15 / 12 = 246.50
    befriender (20) October 2026   pay 4,900 / 12 = 408.33 1/3: 408.33, 408.34, 408.33, and so each quarter;
                                   no pension below 6,240, no NIC below 5,000
                    April 2027     pay 5,047 / 12 = 420.58 1/3: 420.58, 420.59, 420.58, and so each quarter; no pension;
                                   NIC 47 x 0.15 = 7.05 a year, 0.5875 a month. In all 0.5875, 1.175, 1.7625, 2.35:
                                   0.59, 0.59, 0.58, 0.59, and again from August and December
    So pay with pension: office 2,559.40, then 2,636.65; mentor, advocate, adviser 2,044.40, then 2,106.20.
    The minimum wage does not bind: 12.71 x 7 x 52 = 4,626.44 below 4,900; 12.71 x 35 x 52 = 23,132.20 below 24,000.

EMPLOYMENT ALLOWANCE, 10,500 a tax year. NIC of month 0: 2 x 312.50 + 2 x 237.50 = 1,100.00. April to September are
    taken to have used 6 x 1,100 = 6,600; 3,900 is left: October to December 3,300, January 600.
    2027/28, carry on: 2 x 323.75 + 3 x 246.50 = 1,387.00, and 20 x 0.59 = 11.80 (0.58 in June and October: 11.60):
    April to October 7 x 1,387.00 + 5 x 11.80 + 2 x 11.60 = 9,791.20; November has 708.80 left.
    Hub and dock, no befrienders from July: 7 x 1,387.00 + 11.80 + 11.80 + 11.60 = 9,744.20; November has 755.80 left.

LINES. Rent 12,000 / 12 = 1,000.00, materials 1,200 / 12 = 100.00; from April 2 % more: 1,020.00 and 102.00; paid a
    month later. Mobilisation 1,000 over January, February, March: 333.33, 666.67 - 333.33 = 333.34, 333.33.

INCOME. Befriending 108,000 / 12 = 9,000 a month, paid in the next, October 2026 to June 2027. Gifts 3,000. Council
    2,500; a cut announced in t = 4 is in force from 4 + 3 + 1 = 8: 30,000 x 0.7 = 21,000, so 1,750. Mentoring 9,000 in
    the first month of each quarter. Helpline: award in 2, no standstill, 2 months of mobilisation: go-live in
    2 + 1 + 0 + 2 = 5; 9,000 in t = 5, 8, 11, 14, 17, of which 3,000 is earned each month. Its adviser joins in
    max(5, 2 + 1 + 3) = 6.

UNDOCKING. The contract's first unpaid month is e = 9; told 6 months before, in t = 3. Twenty dismissed together: c = 1.
    Notice 5 weeks (statutory 2): 12 x 5 / 52 = 1.15 months, so n = 2. Serve-by month 9 - 1 - 2 = 6: the decision falls
    in t = 5 (March, a quarter-end too); the last month is 5 + 1 + 2 = 8.

DECISIONS, where docs/model.md leaves a choice:
    D1  Pay, NIC and pension are rounded for one head, then multiplied by heads.
    D2  Items of the closing liability are rounded for one head, each by itself: notice with its NIC and pension,
        redundancy, holiday. NIC here is the head's own, before the allowance.
    D3  "holiday_weeks with NIC rate and pension rate nil": holiday pay carries NIC at the full rate (below the
        threshold too) and no pension. This NIC is part of exit pay, paid at once, and uses no allowance.
    D4  A head under notice counts in the closing liability in full until it has left.
    D5  At the end of month t the lease costs the rent of t + 1 to lease_until, at lease_yearly as written.
    D6  A head whose notice ends in t is paid and works in t (places, capacity), and is not in heads and fte at its end.
    D7  When a service closes, those open or waiting are in demand and unmet of the first month without it, once.
    D8  After an end, balances and what is made of them (cover, closing liability, heads, fte) stay as they were; joined
        and left are nil; the service closes as in D7. The month of the end itself is played like any other.
    D9  Months of cover may be below nil. Exit pay, recruiting, bidding and mobilisation are not recurring.
    D10 The allowance goes to NIC charged to the general money before that charged to restricted funds, month by month;
        where it ends, in January and November 2027, all that is left goes to the general money.
    D11 In these months hub_and_dock does nothing but undock: headroom stays above the closing liability throughout.
"""

import math

import pytest

# ---- closing liability by head: notice (weeks x (pay + NIC + pension) / 52), redundancy, holiday (pay / 52 x 1.15)
#      2026: office      1 week   34,462.80 / 52     = 662.75     none, under two years       576.9231 x 1.15 = 663.46
#            mentor      1 week   27,382.80 / 52     = 526.59     none                        461.5385 x 1.15 = 530.77
#            advocate    4 weeks  27,382.80 / 52 x 4 = 2,106.37   none                        530.77
#            befriender  5 weeks   4,900.00 / 52 x 5 = 471.15     2 years at 50: 3 weeks of 94.2308 = 282.69
#                                                                                             94.2308 x 1.15 = 108.37
#      2027: office      1 week   35,524.80 / 52     = 683.17     none                        594.2308 x 1.15 = 683.37
#            mentor, adviser      28,232.40 / 52     = 542.93     none                        475.3846 x 1.15 = 546.69
#            advocate    4 weeks  28,232.40 / 52 x 4 = 2,171.72   none                        546.69
#            befriender  5 weeks   5,054.05 / 52 x 5 = 485.97     3 weeks of 97.0577 = 291.17 97.0577 x 1.15 = 111.62
#      From September 2027 (12 months on) the advocate has 2 years, at 30: 2 weeks of 475.3846 = 950.77; a befriender
#      has 3: 4.5 weeks of 97.0577 = 436.76. Nobody's week is above the cap of 751.
#      Dilapidations 2,000 and run-off 1,500; the lease is added month by month.
OTHER = 2_000_00 + 1_500_00
OCTOBER_2026 = (
    2 * (662_75 + 663_46) + (526_59 + 530_77) + (2_106_37 + 530_77) + 20 * (471_15 + 282_69 + 108_37) + OTHER
)  # 27,091.12
APRIL_2027 = (
    2 * (683_17 + 683_37) + 2 * (542_93 + 546_69) + (2_171_72 + 546_69) + 20 * (485_97 + 291_17 + 111_62) + OTHER
)  # 28,905.93
SEPTEMBER_2027 = (
    2 * (683_17 + 683_37)
    + 2 * (542_93 + 546_69)
    + (2_171_72 + 950_77 + 546_69)
    + 20 * (485_97 + 436_76 + 111_62)
    + OTHER
)  # 32,768.50

# ---- the ledger. Threes are (general, mentoring, advocacy). pay: pay, NIC after allowance, pension charged to each;
#      kept: 30.6 % of it, which leaves a month later; paid: the rest, what was kept last month, last month's lines,
#      one-offs. people: heads, fte, joined, left. cases: demand (open + waiting + new), capacity, served,
#      unmet, of which half wait.
PEOPLE = ("heads", "fte", "joined", "left")
CASES = ("demand", "capacity", "served", "unmet")
NAMES = {
    "mentoring": "restricted:mentoring",
    "advocacy": "restricted:advocacy",
    "mentoring_balance": "balance:mentoring",
    "advocacy_balance": "balance:advocacy",
}


def month(people=(), cases=(), **figures):
    """One month's figures by account; there is no facility, so headroom is spendable cash."""
    row = {NAMES.get(name, name): figure for name, figure in figures.items()}
    row |= dict(zip(PEOPLE, people, strict=bool(people))) | dict(zip(CASES, cases, strict=bool(cases)))
    return row | {"headroom": figures["spendable"]} if "spendable" in figures else row


CARRY_ON = [
    # t = 0, October 2026. Opening debtors come in, opening creditors go out; the NIC of 1,100.00 is all covered by
    # the allowance.
    month(
        receipts=9_000_00 + 3_000_00 + 2_500_00 + 9_000_00,  # 23,500.00: debtors, gifts, council, mentoring
        income=9_000_00 + 3_000_00 + 2_500_00 + 9_000_00,  # 23,500.00: befriending, gifts, council, mentoring
        pay=(2 * 2_559_40 + 20 * 408_33, 2_044_40, 2_044_40),
        kept=(4_065_33, 625_59, 625_59),  # 30.6 % of 13,285.40, 2,044.40, 2,044.40
        spending=13_285_40 + 2_044_40 + 2_044_40 + 1_000_00 + 100_00,  # 18,474.20
        paid=(
            13_285_40 - 4_065_33 + 4_500_00,  # general 13,720.07
            2_044_40 - 625_59,  # mentoring 1,418.81
            2_044_40 - 625_59,  # advocacy 1,418.81
        ),
        payments=13_720_07 + 1_418_81 + 1_418_81,  # 16,557.69
        bank=95_000_00 + 23_500_00 - 16_557_69,  # 101,942.31
        mentoring=25_000_00 + 9_000_00 - 1_418_81,  # 32,581.19
        advocacy=2_400_00 + 2_500_00 - 214_44 - 1_418_81,  # 3,266.75; overhead 214.44
        mentoring_balance=25_000_00 + 9_000_00 - 2_044_40,  # 31,955.60
        advocacy_balance=2_400_00 + 2_500_00 - 2_044_40 - 100_00 - 214_44,  # 2,541.16
        debtors=9_000_00,
        deferred=0,
        creditors=4_065_33 + 625_59 + 625_59 + 1_000_00 + 100_00,  # 6,416.51
        restricted_cash=32_581_19 + 3_266_75,  # 35,847.94
        spendable=101_942_31 - 35_847_94,  # 66,094.37
        free_reserves=101_942_31 + 9_000_00 - 6_416_51 - 31_955_60 - 2_541_16,  # 70,029.04
        months_of_cover=66_094_37 / ((14_285_40 + 14_285_40 + 14_285_40) / 3),  # 4.6267
        closing_liability=OCTOBER_2026 + 5 * 1_000_00,  # 32,091.12
        people=(24, 2 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(32 + 12, 40 + 32 / 4, 44, 0),
    ),
    # t = 1, November 2026. Only now leaves what was withheld in October, and October's rent and materials.
    month(
        receipts=9_000_00 + 3_000_00 + 2_500_00,  # 14,500.00: befriending, gifts, council
        income=9_000_00 + 3_000_00 + 2_500_00,  # 14,500.00: befriending, gifts, council
        pay=(2 * 2_559_40 + 20 * 408_34, 2_044_40, 2_044_40),
        kept=(4_065_39, 625_59, 625_59),  # 30.6 % of 13,285.60, 2,044.40, 2,044.40
        spending=13_285_60 + 2_044_40 + 2_044_40 + 1_000_00 + 100_00,  # 18,474.40
        paid=(
            13_285_60 - 4_065_39 + 4_065_33 + 1_000_00,  # general 14,285.54
            2_044_40 - 625_59 + 625_59,  # mentoring 2,044.40
            2_044_40 - 625_59 + 625_59 + 100_00,  # advocacy 2,144.40
        ),
        payments=14_285_54 + 2_044_40 + 2_144_40,  # 18,474.34
        bank=101_942_31 + 14_500_00 - 18_474_34,  # 97,967.97
        mentoring=32_581_19 - 2_044_40,  # 30,536.79
        advocacy=3_266_75 + 2_500_00 - 214_44 - 2_144_40,  # 3,407.91; overhead 214.44
        mentoring_balance=31_955_60 - 2_044_40,  # 29,911.20
        advocacy_balance=2_541_16 + 2_500_00 - 2_044_40 - 100_00 - 214_44,  # 2,682.32
        debtors=9_000_00,
        deferred=0,
        creditors=4_065_39 + 625_59 + 625_59 + 1_000_00 + 100_00,  # 6,416.57
        restricted_cash=30_536_79 + 3_407_91,  # 33,944.70
        spendable=97_967_97 - 33_944_70,  # 64,023.27
        free_reserves=97_967_97 + 9_000_00 - 6_416_57 - 29_911_20 - 2_682_32,  # 67,957.88
        months_of_cover=64_023_27 / ((14_285_40 + 14_285_40 + 14_285_60) / 3),  # 4.4817
        closing_liability=OCTOBER_2026 + 4 * 1_000_00,  # 31,091.12
        people=(24, 2 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(36 + 12, 40 + 36 / 4, 48, 0),
    ),
    # t = 2, December 2026. The helpline bid is told: won. It cost 800.00. The last month that the allowance covers
    # whole.
    month(
        receipts=9_000_00 + 3_000_00 + 2_500_00,  # 14,500.00: befriending, gifts, council
        income=9_000_00 + 3_000_00 + 2_500_00,  # 14,500.00: befriending, gifts, council
        pay=(2 * 2_559_40 + 20 * 408_33, 2_044_40, 2_044_40),
        kept=(4_065_33, 625_59, 625_59),  # 30.6 % of 13,285.40, 2,044.40, 2,044.40
        spending=13_285_40 + 2_044_40 + 2_044_40 + 1_000_00 + 100_00 + 800_00,  # 19,274.20
        paid=(
            13_285_40 - 4_065_33 + 4_065_39 + 1_000_00 + 800_00,  # general 15,085.46
            2_044_40 - 625_59 + 625_59,  # mentoring 2,044.40
            2_044_40 - 625_59 + 625_59 + 100_00,  # advocacy 2,144.40
        ),
        payments=15_085_46 + 2_044_40 + 2_144_40,  # 19,274.26
        bank=97_967_97 + 14_500_00 - 19_274_26,  # 93,193.71
        mentoring=30_536_79 - 2_044_40,  # 28,492.39
        advocacy=3_407_91 + 2_500_00 - 214_44 - 2_144_40,  # 3,549.07; overhead 214.44
        mentoring_balance=29_911_20 - 2_044_40,  # 27,866.80
        advocacy_balance=2_682_32 + 2_500_00 - 2_044_40 - 100_00 - 214_44,  # 2,823.48
        debtors=9_000_00,
        deferred=0,
        creditors=4_065_33 + 625_59 + 625_59 + 1_000_00 + 100_00,  # 6,416.51
        restricted_cash=28_492_39 + 3_549_07,  # 32,041.46
        spendable=93_193_71 - 32_041_46,  # 61,152.25
        free_reserves=93_193_71 + 9_000_00 - 6_416_51 - 27_866_80 - 2_823_48,  # 65,086.92
        months_of_cover=61_152_25 / ((14_285_40 + 14_285_60 + 14_285_40) / 3),  # 4.2807
        closing_liability=OCTOBER_2026 + 3 * 1_000_00,  # 30,091.12
        people=(24, 2 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(39 + 12, 40 + 39 / 4, 49.75, 51 - 49.75),
    ),
    # t = 3, January 2027. 600.00 of the allowance is left, against 625.00 for the office: 25.00 is due, and 237.50 in
    # each dock. Mobilisation begins.
    month(
        receipts=9_000_00 + 3_000_00 + 2_500_00 + 9_000_00,  # 23,500.00: befriending, gifts, council, mentoring
        income=9_000_00 + 3_000_00 + 2_500_00 + 9_000_00,  # 23,500.00: befriending, gifts, council, mentoring
        pay=(2 * 2_559_40 + 20 * 408_33 + 25_00, 2_044_40 + 237_50, 2_044_40 + 237_50),
        kept=(4_072_98, 698_26, 698_26),  # 30.6 % of 13,310.40, 2,281.90, 2,281.90
        spending=13_310_40 + 2_281_90 + 2_281_90 + 1_000_00 + 100_00 + 333_33,  # 19,307.53
        paid=(
            13_310_40 - 4_072_98 + 4_065_33 + 1_000_00 + 333_33,  # general 14,636.08
            2_281_90 - 698_26 + 625_59,  # mentoring 2,209.23
            2_281_90 - 698_26 + 625_59 + 100_00,  # advocacy 2,309.23
        ),
        payments=14_636_08 + 2_209_23 + 2_309_23,  # 19,154.54
        bank=93_193_71 + 23_500_00 - 19_154_54,  # 97,539.17
        mentoring=28_492_39 + 9_000_00 - 2_209_23,  # 35,283.16
        advocacy=3_549_07 + 2_500_00 - 238_19 - 2_309_23,  # 3,501.65; overhead 238.19
        mentoring_balance=27_866_80 + 9_000_00 - 2_281_90,  # 34,584.90
        advocacy_balance=2_823_48 + 2_500_00 - 2_281_90 - 100_00 - 238_19,  # 2,703.39
        debtors=9_000_00,
        deferred=0,
        creditors=4_072_98 + 698_26 + 698_26 + 1_000_00 + 100_00,  # 6,569.50
        restricted_cash=35_283_16 + 3_501_65,  # 38,784.81
        spendable=97_539_17 - 38_784_81,  # 58,754.36
        free_reserves=97_539_17 + 9_000_00 - 6_569_50 - 34_584_90 - 2_703_39,  # 62,681.38
        months_of_cover=58_754_36 / ((14_285_60 + 14_285_40 + 14_310_40) / 3),  # 4.1105
        closing_liability=OCTOBER_2026 + 2 * 1_000_00,  # 29,091.12
        people=(24, 2 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 0.625 + 12, 40 + 40 / 4, 50, 52.625 - 50),
    ),
    # t = 4, February 2027. The council announces its cut: 3 months' notice, so from June. No allowance left: NIC is 2
    # x 312.50 and 2 x 237.50.
    month(
        receipts=9_000_00 + 3_000_00 + 2_500_00,  # 14,500.00: befriending, gifts, council
        income=9_000_00 + 3_000_00 + 2_500_00,  # 14,500.00: befriending, gifts, council
        pay=(2 * 2_559_40 + 20 * 408_34 + 2 * 312_50, 2_044_40 + 237_50, 2_044_40 + 237_50),
        kept=(4_256_64, 698_26, 698_26),  # 30.6 % of 13,910.60, 2,281.90, 2,281.90
        spending=13_910_60 + 2_281_90 + 2_281_90 + 1_000_00 + 100_00 + 333_34,  # 19,907.74
        paid=(
            13_910_60 - 4_256_64 + 4_072_98 + 1_000_00 + 333_34,  # general 15,060.28
            2_281_90 - 698_26 + 698_26,  # mentoring 2,281.90
            2_281_90 - 698_26 + 698_26 + 100_00,  # advocacy 2,381.90
        ),
        payments=15_060_28 + 2_281_90 + 2_381_90,  # 19,724.08
        bank=97_539_17 + 14_500_00 - 19_724_08,  # 92,315.09
        mentoring=35_283_16 - 2_281_90,  # 33,001.26
        advocacy=3_501_65 + 2_500_00 - 238_19 - 2_381_90,  # 3,381.56; overhead 238.19
        mentoring_balance=34_584_90 - 2_281_90,  # 32,303.00
        advocacy_balance=2_703_39 + 2_500_00 - 2_281_90 - 100_00 - 238_19,  # 2,583.30
        debtors=9_000_00,
        deferred=0,
        creditors=4_256_64 + 698_26 + 698_26 + 1_000_00 + 100_00,  # 6,753.16
        restricted_cash=33_001_26 + 3_381_56,  # 36,382.82
        spendable=92_315_09 - 36_382_82,  # 55,932.27
        free_reserves=92_315_09 + 9_000_00 - 6_753_16 - 32_303_00 - 2_583_30,  # 59,675.63
        months_of_cover=55_932_27 / ((14_285_40 + 14_310_40 + 14_910_60) / 3),  # 3.8568
        closing_liability=OCTOBER_2026 + 1 * 1_000_00,  # 28,091.12
        people=(24, 2 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.3125 + 12, 40 + 40 / 4, 50, 53.3125 - 50),
    ),
    # t = 5, March 2027. Go-live of the helpline: its first quarter is paid ahead, 9,000.00, of which 6,000.00 is
    # deferred. Nobody in post yet.
    month(
        receipts=9_000_00 + 3_000_00 + 2_500_00 + 9_000_00,  # 23,500.00: befriending, gifts, council, helpline
        income=9_000_00 + 3_000_00 + 2_500_00 + 3_000_00,  # 17,500.00: befriending, gifts, council, helpline
        pay=(2 * 2_559_40 + 20 * 408_33 + 2 * 312_50, 2_044_40 + 237_50, 2_044_40 + 237_50),
        kept=(4_256_58, 698_26, 698_26),  # 30.6 % of 13,910.40, 2,281.90, 2,281.90
        spending=13_910_40 + 2_281_90 + 2_281_90 + 1_000_00 + 100_00 + 333_33,  # 19,907.53
        paid=(
            13_910_40 - 4_256_58 + 4_256_64 + 1_000_00 + 333_33,  # general 15,243.79
            2_281_90 - 698_26 + 698_26,  # mentoring 2,281.90
            2_281_90 - 698_26 + 698_26 + 100_00,  # advocacy 2,381.90
        ),
        payments=15_243_79 + 2_281_90 + 2_381_90,  # 19,907.59
        bank=92_315_09 + 23_500_00 - 19_907_59,  # 95,907.50
        mentoring=33_001_26 - 2_281_90,  # 30,719.36
        advocacy=3_381_56 + 2_500_00 - 238_19 - 2_381_90,  # 3,261.47; overhead 238.19
        mentoring_balance=32_303_00 - 2_281_90,  # 30,021.10
        advocacy_balance=2_583_30 + 2_500_00 - 2_281_90 - 100_00 - 238_19,  # 2,463.21
        debtors=9_000_00,
        deferred=6_000_00,
        creditors=4_256_58 + 698_26 + 698_26 + 1_000_00 + 100_00,  # 6,753.10
        restricted_cash=30_719_36 + 3_261_47,  # 33,980.83
        spendable=95_907_50 - 33_980_83,  # 61,926.67
        free_reserves=95_907_50 + 9_000_00 - 6_753_10 - 6_000_00 - 30_021_10 - 2_463_21,  # 59,670.09
        months_of_cover=61_926_67 / ((14_310_40 + 14_910_60 + 14_910_40) / 3),  # 4.2097
        closing_liability=OCTOBER_2026,  # 27,091.12
        people=(24, 2 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.65625 + 12, 40 + 40 / 4, 50, 53.65625 - 50),
    ),
    # t = 6, April 2027. The pay award; the adviser joins (500.00 to recruit); a new allowance covers the NIC of
    # 1,398.80; prices rise by 2 %.
    month(
        receipts=9_000_00 + 3_000_00 + 2_500_00 + 9_000_00,  # 23,500.00: befriending, gifts, council, mentoring
        income=9_000_00 + 3_000_00 + 2_500_00 + 9_000_00 + 3_000_00,  # 26,500.00
        pay=(2 * 2_636_65 + 2_106_20 + 20 * 420_58, 2_106_20, 2_106_20),
        kept=(4_832_08, 644_50, 644_50),  # 30.6 % of 15,791.10, 2,106.20, 2,106.20
        spending=15_791_10 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00 + 500_00,  # 21,625.50
        paid=(
            15_791_10 - 4_832_08 + 4_256_58 + 1_000_00 + 500_00,  # general 16,715.60
            2_106_20 - 644_50 + 698_26,  # mentoring 2,159.96
            2_106_20 - 644_50 + 698_26 + 100_00,  # advocacy 2,259.96
        ),
        payments=16_715_60 + 2_159_96 + 2_259_96,  # 21,135.52
        bank=95_907_50 + 23_500_00 - 21_135_52,  # 98,271.98
        mentoring=30_719_36 + 9_000_00 - 2_159_96,  # 37,559.40
        advocacy=3_261_47 + 2_500_00 - 220_82 - 2_259_96,  # 3,280.69; overhead 220.82
        mentoring_balance=30_021_10 + 9_000_00 - 2_106_20,  # 36,914.90
        advocacy_balance=2_463_21 + 2_500_00 - 2_106_20 - 102_00 - 220_82,  # 2,534.19
        debtors=9_000_00,
        deferred=3_000_00,
        creditors=4_832_08 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 7,243.08
        restricted_cash=37_559_40 + 3_280_69,  # 40,840.09
        spendable=98_271_98 - 40_840_09,  # 57,431.89
        free_reserves=98_271_98 + 9_000_00 - 7_243_08 - 3_000_00 - 36_914_90 - 2_534_19,  # 57,579.81
        months_of_cover=57_431_89 / ((14_910_60 + 14_910_40 + 16_811_10) / 3),  # 3.6948
        closing_liability=APRIL_2027,  # 28,905.93
        people=(24 + 1, 2 + 1 + 1 + 1 + 20 * 0.2, 1, 0),
        cases=(40 + 1.828125 + 12, 40 + 40 / 4, 50, 53.828125 - 50),
    ),
    # t = 7, May 2027. As April, without the joiner. NIC 1,398.80, covered.
    month(
        receipts=9_000_00 + 3_000_00 + 2_500_00,  # 14,500.00: befriending, gifts, council
        income=9_000_00 + 3_000_00 + 2_500_00 + 3_000_00,  # 17,500.00: befriending, gifts, council, helpline
        pay=(2 * 2_636_65 + 2_106_20 + 20 * 420_59, 2_106_20, 2_106_20),
        kept=(4_832_14, 644_50, 644_50),  # 30.6 % of 15,791.30, 2,106.20, 2,106.20
        spending=15_791_30 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00,  # 21,125.70
        paid=(
            15_791_30 - 4_832_14 + 4_832_08 + 1_020_00,  # general 16,811.24
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            2_106_20 - 644_50 + 644_50 + 102_00,  # advocacy 2,208.20
        ),
        payments=16_811_24 + 2_106_20 + 2_208_20,  # 21,125.64
        bank=98_271_98 + 14_500_00 - 21_125_64,  # 91,646.34
        mentoring=37_559_40 - 2_106_20,  # 35,453.20
        advocacy=3_280_69 + 2_500_00 - 220_82 - 2_208_20,  # 3,351.67; overhead 220.82
        mentoring_balance=36_914_90 - 2_106_20,  # 34,808.70
        advocacy_balance=2_534_19 + 2_500_00 - 2_106_20 - 102_00 - 220_82,  # 2,605.17
        debtors=9_000_00,
        deferred=0,
        creditors=4_832_14 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 7,243.14
        restricted_cash=35_453_20 + 3_351_67,  # 38,804.87
        spendable=91_646_34 - 38_804_87,  # 52,841.47
        free_reserves=91_646_34 + 9_000_00 - 7_243_14 - 34_808_70 - 2_605_17,  # 55,989.33
        months_of_cover=52_841_47 / ((14_910_40 + 16_811_10 + 16_811_30) / 3),  # 3.2663
        closing_liability=APRIL_2027,  # 28,905.93
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.9140625 + 12, 40 + 40 / 4, 50, 53.9140625 - 50),
    ),
    # t = 8, June 2027. The council pays 30 % less. Last month of the befriending contract: its debtor stands until
    # July. NIC 1,398.60, covered.
    month(
        receipts=9_000_00 + 3_000_00 + 1_750_00 + 9_000_00,  # 22,750.00: befriending, gifts, council, helpline
        income=9_000_00 + 3_000_00 + 1_750_00 + 3_000_00,  # 16,750.00: befriending, gifts, council, helpline
        pay=(2 * 2_636_65 + 2_106_20 + 20 * 420_58, 2_106_20, 2_106_20),
        kept=(4_832_08, 644_50, 644_50),  # 30.6 % of 15,791.10, 2,106.20, 2,106.20
        spending=15_791_10 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00,  # 21,125.50
        paid=(
            15_791_10 - 4_832_08 + 4_832_14 + 1_020_00,  # general 16,811.16
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            2_106_20 - 644_50 + 644_50 + 102_00,  # advocacy 2,208.20
        ),
        payments=16_811_16 + 2_106_20 + 2_208_20,  # 21,125.56
        bank=91_646_34 + 22_750_00 - 21_125_56,  # 93,270.78
        mentoring=35_453_20 - 2_106_20,  # 33,347.00
        advocacy=3_351_67 + 1_750_00 - 220_82 - 2_208_20,  # 2,672.65; overhead 220.82
        mentoring_balance=34_808_70 - 2_106_20,  # 32,702.50
        advocacy_balance=2_605_17 + 1_750_00 - 2_106_20 - 102_00 - 220_82,  # 1,926.15
        debtors=9_000_00,
        deferred=6_000_00,
        creditors=4_832_08 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 7,243.08
        restricted_cash=33_347_00 + 2_672_65,  # 36,019.65
        spendable=93_270_78 - 36_019_65,  # 57,251.13
        free_reserves=93_270_78 + 9_000_00 - 7_243_08 - 6_000_00 - 32_702_50 - 1_926_15,  # 54,399.05
        months_of_cover=57_251_13 / ((16_811_10 + 16_811_30 + 16_811_10) / 3),  # 3.4055
        closing_liability=APRIL_2027,  # 28,905.93
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.95703125 + 12, 40 + 40 / 4, 50, 53.95703125 - 50),
    ),
    # t = 9, July 2027. The contract's last payment comes in; the befrienders go on being paid. NIC 1,398.80, covered.
    month(
        receipts=9_000_00 + 3_000_00 + 1_750_00 + 9_000_00,  # 22,750.00: befriending, gifts, council, mentoring
        income=3_000_00 + 1_750_00 + 9_000_00 + 3_000_00,  # 16,750.00: gifts, council, mentoring, helpline
        pay=(2 * 2_636_65 + 2_106_20 + 20 * 420_58, 2_106_20, 2_106_20),
        kept=(4_832_08, 644_50, 644_50),  # 30.6 % of 15,791.10, 2,106.20, 2,106.20
        spending=15_791_10 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00,  # 21,125.50
        paid=(
            15_791_10 - 4_832_08 + 4_832_08 + 1_020_00,  # general 16,811.10
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            2_106_20 - 644_50 + 644_50 + 102_00,  # advocacy 2,208.20
        ),
        payments=16_811_10 + 2_106_20 + 2_208_20,  # 21,125.50
        bank=93_270_78 + 22_750_00 - 21_125_50,  # 94,895.28
        mentoring=33_347_00 + 9_000_00 - 2_106_20,  # 40,240.80
        advocacy=2_672_65 + 1_750_00 - 220_82 - 2_208_20,  # 1,993.63; overhead 220.82
        mentoring_balance=32_702_50 + 9_000_00 - 2_106_20,  # 39,596.30
        advocacy_balance=1_926_15 + 1_750_00 - 2_106_20 - 102_00 - 220_82,  # 1,247.13
        debtors=0,
        deferred=3_000_00,
        creditors=4_832_08 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 7,243.08
        restricted_cash=40_240_80 + 1_993_63,  # 42,234.43
        spendable=94_895_28 - 42_234_43,  # 52,660.85
        free_reserves=94_895_28 - 7_243_08 - 3_000_00 - 39_596_30 - 1_247_13,  # 43,808.77
        months_of_cover=52_660_85 / ((16_811_30 + 16_811_10 + 16_811_10) / 3),  # 3.1325
        closing_liability=APRIL_2027,  # 28,905.93
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.978515625 + 12, 40 + 40 / 4, 50, 53.978515625 - 50),
    ),
    # t = 10, August 2027. Nothing comes in for the befrienders any more. NIC 1,398.80, covered.
    month(
        receipts=3_000_00 + 1_750_00,  # 4,750.00: gifts, council
        income=3_000_00 + 1_750_00 + 3_000_00,  # 7,750.00: gifts, council, helpline
        pay=(2 * 2_636_65 + 2_106_20 + 20 * 420_59, 2_106_20, 2_106_20),
        kept=(4_832_14, 644_50, 644_50),  # 30.6 % of 15,791.30, 2,106.20, 2,106.20
        spending=15_791_30 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00,  # 21,125.70
        paid=(
            15_791_30 - 4_832_14 + 4_832_08 + 1_020_00,  # general 16,811.24
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            2_106_20 - 644_50 + 644_50 + 102_00,  # advocacy 2,208.20
        ),
        payments=16_811_24 + 2_106_20 + 2_208_20,  # 21,125.64
        bank=94_895_28 + 4_750_00 - 21_125_64,  # 78,519.64
        mentoring=40_240_80 - 2_106_20,  # 38,134.60
        advocacy=1_993_63 + 1_750_00 - 220_82 - 2_208_20,  # 1,314.61; overhead 220.82
        mentoring_balance=39_596_30 - 2_106_20,  # 37,490.10
        advocacy_balance=1_247_13 + 1_750_00 - 2_106_20 - 102_00 - 220_82,  # 568.11
        debtors=0,
        deferred=0,
        creditors=4_832_14 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 7,243.14
        restricted_cash=38_134_60 + 1_314_61,  # 39,449.21
        spendable=78_519_64 - 39_449_21,  # 39,070.43
        free_reserves=78_519_64 - 7_243_14 - 37_490_10 - 568_11,  # 33,218.29
        months_of_cover=39_070_43 / ((16_811_10 + 16_811_10 + 16_811_30) / 3),  # 2.3241
        closing_liability=APRIL_2027,  # 28,905.93
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.9892578125 + 12, 40 + 40 / 4, 50, 53.9892578125 - 50),
    ),
    # t = 11, September 2027. The advocacy fund has 2,318.11: it bears 2,106.20 + 102.00, and 109.91 of the 220.82 of
    # overhead. It is empty.
    month(
        receipts=3_000_00 + 1_750_00 + 9_000_00,  # 13,750.00: gifts, council, helpline
        income=3_000_00 + 1_750_00 + 3_000_00,  # 7,750.00: gifts, council, helpline
        pay=(2 * 2_636_65 + 2_106_20 + 20 * 420_58, 2_106_20, 2_106_20),
        kept=(4_832_08, 644_50, 644_50),  # 30.6 % of 15,791.10, 2,106.20, 2,106.20
        spending=15_791_10 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00,  # 21,125.50
        paid=(
            15_791_10 - 4_832_08 + 4_832_14 + 1_020_00,  # general 16,811.16
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            2_106_20 - 644_50 + 644_50 + 102_00,  # advocacy 2,208.20
        ),
        payments=16_811_16 + 2_106_20 + 2_208_20,  # 21,125.56
        bank=78_519_64 + 13_750_00 - 21_125_56,  # 71,144.08
        mentoring=38_134_60 - 2_106_20,  # 36,028.40
        advocacy=1_314_61 + 1_750_00 - 109_91 - 2_208_20,  # 746.50; overhead 109.91
        mentoring_balance=37_490_10 - 2_106_20,  # 35,383.90
        advocacy_balance=568_11 + 1_750_00 - 2_106_20 - 102_00 - 109_91,  # 0.00
        debtors=0,
        deferred=6_000_00,
        creditors=4_832_08 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 7,243.08
        restricted_cash=36_028_40 + 746_50,  # 36,774.90
        spendable=71_144_08 - 36_774_90,  # 34,369.18
        free_reserves=71_144_08 - 7_243_08 - 6_000_00 - 35_383_90,  # 22,517.10
        months_of_cover=34_369_18 / ((16_811_10 + 16_811_30 + 16_811_10) / 3),  # 2.0444
        closing_liability=SEPTEMBER_2027,  # 32,768.50
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.99462890625 + 12, 40 + 40 / 4, 50, 53.99462890625 - 50),
    ),
    # t = 12, October 2027. The advocacy fund bears 1,750.00 of its post; 356.20 and the materials fall on the general
    # money. NIC 1,398.60, covered.
    month(
        receipts=3_000_00 + 1_750_00 + 9_000_00,  # 13,750.00: gifts, council, mentoring
        income=3_000_00 + 1_750_00 + 9_000_00 + 3_000_00,  # 16,750.00: gifts, council, mentoring, helpline
        pay=(2 * 2_636_65 + 2_106_20 + 20 * 420_58 + 2_106_20 - 1_750_00, 2_106_20, 1_750_00),
        kept=(4_941_07, 644_50, 535_50),  # 30.6 % of 16,147.30, 2,106.20, 1,750.00
        spending=16_147_30 + 2_106_20 + 1_750_00 + 1_020_00 + 102_00,  # 21,125.50
        paid=(
            16_147_30 - 4_941_07 + 4_832_08 + 1_020_00,  # general 17,058.31
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            1_750_00 - 535_50 + 644_50 + 102_00,  # advocacy 1,961.00
        ),
        payments=17_058_31 + 2_106_20 + 1_961_00,  # 21,125.51
        bank=71_144_08 + 13_750_00 - 21_125_51,  # 63,768.57
        mentoring=36_028_40 + 9_000_00 - 2_106_20,  # 42,922.20
        advocacy=746_50 + 1_750_00 - 1_961_00,  # 535.50
        mentoring_balance=35_383_90 + 9_000_00 - 2_106_20,  # 42,277.70
        advocacy_balance=0 + 1_750_00 - 1_750_00,  # 0.00
        debtors=0,
        deferred=3_000_00,
        creditors=4_941_07 + 644_50 + 535_50 + 1_020_00 + 102_00,  # 7,243.07
        restricted_cash=42_922_20 + 535_50,  # 43,457.70
        spendable=63_768_57 - 43_457_70,  # 20,310.87
        free_reserves=63_768_57 - 7_243_07 - 3_000_00 - 42_277_70,  # 11,247.80
        months_of_cover=20_310_87 / ((16_811_30 + 16_811_10 + 17_269_30) / 3),  # 1.1973
        closing_liability=SEPTEMBER_2027,  # 32,768.50
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.997314453125 + 12, 40 + 40 / 4, 50, 53.997314453125 - 50),
    ),
    # t = 13, November 2027. 708.80 of the allowance is left. General NIC is 2 x 323.75 + 246.50 + 20 x 0.59 = 905.80,
    # so 197.00 of it is due.
    month(
        receipts=3_000_00 + 1_750_00,  # 4,750.00: gifts, council
        income=3_000_00 + 1_750_00 + 3_000_00,  # 7,750.00: gifts, council, helpline
        pay=(2 * 2_636_65 + 2_106_20 + 20 * 420_59 + 197_00 + 2_352_70 - 1_750_00, 2_106_20 + 246_50, 1_750_00),
        kept=(5_076_85, 719_93, 535_50),  # 30.6 % of 16,591.00, 2,352.70, 1,750.00
        spending=16_591_00 + 2_352_70 + 1_750_00 + 1_020_00 + 102_00,  # 21,815.70
        paid=(
            16_591_00 - 5_076_85 + 4_941_07 + 1_020_00 + 102_00,  # general 17,577.22
            2_352_70 - 719_93 + 644_50,  # mentoring 2,277.27
            1_750_00 - 535_50 + 535_50,  # advocacy 1,750.00
        ),
        payments=17_577_22 + 2_277_27 + 1_750_00,  # 21,604.49
        bank=63_768_57 + 4_750_00 - 21_604_49,  # 46,914.08
        mentoring=42_922_20 - 2_277_27,  # 40,644.93
        advocacy=535_50 + 1_750_00 - 1_750_00,  # 535.50
        mentoring_balance=42_277_70 - 2_352_70,  # 39,925.00
        advocacy_balance=0 + 1_750_00 - 1_750_00,  # 0.00
        debtors=0,
        deferred=0,
        creditors=5_076_85 + 719_93 + 535_50 + 1_020_00 + 102_00,  # 7,454.28
        restricted_cash=40_644_93 + 535_50,  # 41,180.43
        spendable=46_914_08 - 41_180_43,  # 5,733.65
        free_reserves=46_914_08 - 7_454_28 - 39_925_00,  # -465.20
        months_of_cover=5_733_65 / ((16_811_10 + 17_269_30 + 17_713_00) / 3),  # 0.3321
        closing_liability=SEPTEMBER_2027,  # 32,768.50
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.9986572265625 + 12, 40 + 40 / 4, 50, 53.9986572265625 - 50),
    ),
    # t = 14, December 2027. Spendable cash is below nil, beside 38,292.23 of mentoring money in the bank: restricted
    # money is touched. Full NIC.
    month(
        receipts=3_000_00 + 1_750_00 + 9_000_00,  # 13,750.00: gifts, council, helpline
        income=3_000_00 + 1_750_00 + 3_000_00,  # 7,750.00: gifts, council, helpline
        pay=(
            2 * 2_636_65 + 2_106_20 + 20 * 420_58 + 2 * 323_75 + 246_50 + 20 * 59 + 2_352_70 - 1_750_00,
            2_106_20 + 246_50,
            1_750_00,
        ),
        kept=(5_293_68, 719_93, 535_50),  # 30.6 % of 17,299.60, 2,352.70, 1,750.00
        spending=17_299_60 + 2_352_70 + 1_750_00 + 1_020_00 + 102_00,  # 22,524.30
        paid=(
            17_299_60 - 5_293_68 + 5_076_85 + 1_020_00 + 102_00,  # general 18,204.77
            2_352_70 - 719_93 + 719_93,  # mentoring 2,352.70
            1_750_00 - 535_50 + 535_50,  # advocacy 1,750.00
        ),
        payments=18_204_77 + 2_352_70 + 1_750_00,  # 22,307.47
        bank=46_914_08 + 13_750_00 - 22_307_47,  # 38,356.61
        mentoring=40_644_93 - 2_352_70,  # 38,292.23
        advocacy=535_50 + 1_750_00 - 1_750_00,  # 535.50
        mentoring_balance=39_925_00 - 2_352_70,  # 37,572.30
        advocacy_balance=0 + 1_750_00 - 1_750_00,  # 0.00
        debtors=0,
        deferred=6_000_00,
        creditors=5_293_68 + 719_93 + 535_50 + 1_020_00 + 102_00,  # 7,671.11
        restricted_cash=38_292_23 + 535_50,  # 38,827.73
        spendable=38_356_61 - 38_827_73,  # -471.12
        free_reserves=38_356_61 - 7_671_11 - 6_000_00 - 37_572_30,  # -12,886.80
        months_of_cover=-471_12 / ((17_269_30 + 17_713_00 + 18_421_60) / 3),  # -0.0265
        closing_liability=SEPTEMBER_2027,  # 32,768.50
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.99932861328125 + 12, 40 + 40 / 4, 50, 53.99932861328125 - 50),
    ),
    # t = 15, January 2028. Second month-end below nil. The mentoring grant comes in, and does not help.
    month(
        receipts=3_000_00 + 1_750_00 + 9_000_00,  # 13,750.00: gifts, council, mentoring
        income=3_000_00 + 1_750_00 + 9_000_00 + 3_000_00,  # 16,750.00: gifts, council, mentoring, helpline
        pay=(
            2 * 2_636_65 + 2_106_20 + 20 * 420_58 + 2 * 323_75 + 246_50 + 20 * 59 + 2_352_70 - 1_750_00,
            2_106_20 + 246_50,
            1_750_00,
        ),
        kept=(5_293_68, 719_93, 535_50),  # 30.6 % of 17,299.60, 2,352.70, 1,750.00
        spending=17_299_60 + 2_352_70 + 1_750_00 + 1_020_00 + 102_00,  # 22,524.30
        paid=(
            17_299_60 - 5_293_68 + 5_293_68 + 1_020_00 + 102_00,  # general 18,421.60
            2_352_70 - 719_93 + 719_93,  # mentoring 2,352.70
            1_750_00 - 535_50 + 535_50,  # advocacy 1,750.00
        ),
        payments=18_421_60 + 2_352_70 + 1_750_00,  # 22,524.30
        bank=38_356_61 + 13_750_00 - 22_524_30,  # 29,582.31
        mentoring=38_292_23 + 9_000_00 - 2_352_70,  # 44,939.53
        advocacy=535_50 + 1_750_00 - 1_750_00,  # 535.50
        mentoring_balance=37_572_30 + 9_000_00 - 2_352_70,  # 44,219.60
        advocacy_balance=0 + 1_750_00 - 1_750_00,  # 0.00
        debtors=0,
        deferred=3_000_00,
        creditors=5_293_68 + 719_93 + 535_50 + 1_020_00 + 102_00,  # 7,671.11
        restricted_cash=44_939_53 + 535_50,  # 45,475.03
        spendable=29_582_31 - 45_475_03,  # -15,892.72
        free_reserves=29_582_31 - 7_671_11 - 3_000_00 - 44_219_60,  # -25,308.40
        months_of_cover=-15_892_72 / ((17_713_00 + 18_421_60 + 18_421_60) / 3),  # -0.8739
        closing_liability=SEPTEMBER_2027,  # 32,768.50
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.999664306640625 + 12, 40 + 40 / 4, 50, 53.999664306640625 - 50),
    ),
    # t = 16, February 2028. Third month-end below nil, the bank still above: insolvent.
    month(
        receipts=3_000_00 + 1_750_00,  # 4,750.00: gifts, council
        income=3_000_00 + 1_750_00 + 3_000_00,  # 7,750.00: gifts, council, helpline
        pay=(
            2 * 2_636_65 + 2_106_20 + 20 * 420_59 + 2 * 323_75 + 246_50 + 20 * 58 + 2_352_70 - 1_750_00,
            2_106_20 + 246_50,
            1_750_00,
        ),
        kept=(5_293_68, 719_93, 535_50),  # 30.6 % of 17,299.60, 2,352.70, 1,750.00
        spending=17_299_60 + 2_352_70 + 1_750_00 + 1_020_00 + 102_00,  # 22,524.30
        paid=(
            17_299_60 - 5_293_68 + 5_293_68 + 1_020_00 + 102_00,  # general 18,421.60
            2_352_70 - 719_93 + 719_93,  # mentoring 2,352.70
            1_750_00 - 535_50 + 535_50,  # advocacy 1,750.00
        ),
        payments=18_421_60 + 2_352_70 + 1_750_00,  # 22,524.30
        bank=29_582_31 + 4_750_00 - 22_524_30,  # 11,808.01
        mentoring=44_939_53 - 2_352_70,  # 42,586.83
        advocacy=535_50 + 1_750_00 - 1_750_00,  # 535.50
        mentoring_balance=44_219_60 - 2_352_70,  # 41,866.90
        advocacy_balance=0 + 1_750_00 - 1_750_00,  # 0.00
        debtors=0,
        deferred=0,
        creditors=5_293_68 + 719_93 + 535_50 + 1_020_00 + 102_00,  # 7,671.11
        restricted_cash=42_586_83 + 535_50,  # 43,122.33
        spendable=11_808_01 - 43_122_33,  # -31,314.32
        free_reserves=11_808_01 - 7_671_11 - 41_866_90,  # -37,730.00
        months_of_cover=-31_314_32 / ((18_421_60 + 18_421_60 + 18_421_60) / 3),  # -1.6999
        closing_liability=SEPTEMBER_2027,  # 32,768.50
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.9998321533203125 + 12, 40 + 40 / 4, 50, 53.99983215332031 - 50),
    ),
]

# t = 17, March 2028: ended. Balances stand still, flows are nil; who comes, is open or waits is turned away. D7, D8.
CARRY_ON.append(
    CARRY_ON[16]
    | month(
        receipts=0,
        income=0,
        spending=0,
        pay=(0, 0, 0),
        kept=(0, 0, 0),
        paid=(0, 0, 0),
        payments=0,
        people=(25, 2 + 1 + 1 + 1 + 20 * 0.2, 0, 0),
        cases=(40 + 1.9999160766601562 + 12, 0, 0, 40 + 1.9999160766601562 + 12),
    )
)

# The befrienders get notice after a month of consultation. Until May nothing else changes; from
# June the general money does.
HUB_AND_DOCK = [
    *CARRY_ON[:8],
    # t = 8, June 2027. Last month of the twenty: 20 x (291.17 redundancy + 111.62 holiday) = 8,055.80. Paid through
    # June, gone at its end.
    CARRY_ON[8]
    | month(
        pay=(2 * 2_636_65 + 2_106_20 + 20 * 420_58, 2_106_20, 2_106_20),
        kept=(4_832_08, 644_50, 644_50),  # 30.6 % of 15,791.10, 2,106.20, 2,106.20
        spending=15_791_10 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00 + 8_055_80,  # 29,181.30
        paid=(
            15_791_10 - 4_832_08 + 4_832_14 + 1_020_00 + 8_055_80,  # general 24,866.96
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            2_106_20 - 644_50 + 644_50 + 102_00,  # advocacy 2,208.20
        ),
        payments=24_866_96 + 2_106_20 + 2_208_20,  # 29,181.36
        bank=91_646_34 + 22_750_00 - 29_181_36,  # 85,214.98
        creditors=4_832_08 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 7,243.08
        spendable=85_214_98 - 36_019_65,  # 49,195.33
        free_reserves=85_214_98 + 9_000_00 - 7_243_08 - 6_000_00 - 32_702_50 - 1_926_15,  # 46,343.25
        months_of_cover=49_195_33 / ((16_811_10 + 16_811_30 + 16_811_10) / 3),  # 2.9263
        closing_liability=APRIL_2027 - 20 * (485_97 + 291_17 + 111_62),  # 11,130.73
        people=(25 - 20, 2 + 1 + 1 + 1, 0, 20),
    ),
    # t = 9, July 2027. No befrienders and no service: the 40 open and the 1.978515625 waiting are turned away, with
    # July's 12.
    CARRY_ON[9]
    | month(
        pay=(2 * 2_636_65 + 2_106_20, 2_106_20, 2_106_20),
        kept=(2_258_13, 644_50, 644_50),  # 30.6 % of 7,379.50, 2,106.20, 2,106.20
        spending=7_379_50 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00,  # 12,713.90
        paid=(
            7_379_50 - 2_258_13 + 4_832_08 + 1_020_00,  # general 10,973.45
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            2_106_20 - 644_50 + 644_50 + 102_00,  # advocacy 2,208.20
        ),
        payments=10_973_45 + 2_106_20 + 2_208_20,  # 15,287.85
        bank=85_214_98 + 22_750_00 - 15_287_85,  # 92,677.13
        creditors=2_258_13 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 4,669.13
        spendable=92_677_13 - 42_234_43,  # 50,442.70
        free_reserves=92_677_13 - 4_669_13 - 3_000_00 - 39_596_30 - 1_247_13,  # 44,164.57
        months_of_cover=50_442_70 / ((16_811_30 + 16_811_10 + 8_399_50) / 3),  # 3.6012
        closing_liability=APRIL_2027 - 20 * (485_97 + 291_17 + 111_62),  # 11,130.73
        people=(5, 2 + 1 + 1 + 1, 0, 0),
        cases=(40 + 1.978515625 + 12, 0, 0, 40 + 1.978515625 + 12),
    ),
    # t = 10, August 2027. NIC 2 x 323.75 + 3 x 246.50 = 1,387.00, covered.
    CARRY_ON[10]
    | month(
        pay=(2 * 2_636_65 + 2_106_20, 2_106_20, 2_106_20),
        kept=(2_258_13, 644_50, 644_50),  # 30.6 % of 7,379.50, 2,106.20, 2,106.20
        spending=7_379_50 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00,  # 12,713.90
        paid=(
            7_379_50 - 2_258_13 + 2_258_13 + 1_020_00,  # general 8,399.50
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            2_106_20 - 644_50 + 644_50 + 102_00,  # advocacy 2,208.20
        ),
        payments=8_399_50 + 2_106_20 + 2_208_20,  # 12,713.90
        bank=92_677_13 + 4_750_00 - 12_713_90,  # 84,713.23
        creditors=2_258_13 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 4,669.13
        spendable=84_713_23 - 39_449_21,  # 45,264.02
        free_reserves=84_713_23 - 4_669_13 - 37_490_10 - 568_11,  # 41,985.89
        months_of_cover=45_264_02 / ((16_811_10 + 8_399_50 + 8_399_50) / 3),  # 4.0402
        closing_liability=APRIL_2027 - 20 * (485_97 + 291_17 + 111_62),  # 11,130.73
        people=(5, 2 + 1 + 1 + 1, 0, 0),
        cases=(12, 0, 0, 12),
    ),
    # t = 11, September 2027. As carry on, without the befrienders.
    CARRY_ON[11]
    | month(
        pay=(2 * 2_636_65 + 2_106_20, 2_106_20, 2_106_20),
        kept=(2_258_13, 644_50, 644_50),  # 30.6 % of 7,379.50, 2,106.20, 2,106.20
        spending=7_379_50 + 2_106_20 + 2_106_20 + 1_020_00 + 102_00,  # 12,713.90
        paid=(
            7_379_50 - 2_258_13 + 2_258_13 + 1_020_00,  # general 8,399.50
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            2_106_20 - 644_50 + 644_50 + 102_00,  # advocacy 2,208.20
        ),
        payments=8_399_50 + 2_106_20 + 2_208_20,  # 12,713.90
        bank=84_713_23 + 13_750_00 - 12_713_90,  # 85,749.33
        creditors=2_258_13 + 644_50 + 644_50 + 1_020_00 + 102_00,  # 4,669.13
        spendable=85_749_33 - 36_774_90,  # 48,974.43
        free_reserves=85_749_33 - 4_669_13 - 6_000_00 - 35_383_90,  # 39,696.30
        months_of_cover=48_974_43 / ((8_399_50 + 8_399_50 + 8_399_50) / 3),  # 5.8306
        closing_liability=SEPTEMBER_2027 - 20 * (485_97 + 436_76 + 111_62),  # 12,081.50
        people=(5, 2 + 1 + 1 + 1, 0, 0),
        cases=(12, 0, 0, 12),
    ),
    # t = 12, October 2027. As carry on, without the befrienders. NIC 1,387.00, covered.
    CARRY_ON[12]
    | month(
        pay=(2 * 2_636_65 + 2_106_20 + 2_106_20 - 1_750_00, 2_106_20, 1_750_00),
        kept=(2_367_12, 644_50, 535_50),  # 30.6 % of 7,735.70, 2,106.20, 1,750.00
        spending=7_735_70 + 2_106_20 + 1_750_00 + 1_020_00 + 102_00,  # 12,713.90
        paid=(
            7_735_70 - 2_367_12 + 2_258_13 + 1_020_00,  # general 8,646.71
            2_106_20 - 644_50 + 644_50,  # mentoring 2,106.20
            1_750_00 - 535_50 + 644_50 + 102_00,  # advocacy 1,961.00
        ),
        payments=8_646_71 + 2_106_20 + 1_961_00,  # 12,713.91
        bank=85_749_33 + 13_750_00 - 12_713_91,  # 86,785.42
        creditors=2_367_12 + 644_50 + 535_50 + 1_020_00 + 102_00,  # 4,669.12
        spendable=86_785_42 - 43_457_70,  # 43,327.72
        free_reserves=86_785_42 - 4_669_12 - 3_000_00 - 42_277_70,  # 36,838.60
        months_of_cover=43_327_72 / ((8_399_50 + 8_399_50 + 8_857_70) / 3),  # 5.0662
        closing_liability=SEPTEMBER_2027 - 20 * (485_97 + 436_76 + 111_62),  # 12,081.50
        people=(5, 2 + 1 + 1 + 1, 0, 0),
        cases=(12, 0, 0, 12),
    ),
    # t = 13, November 2027. 755.80 of the allowance is left. General NIC is 2 x 323.75 + 246.50 = 894.00, so 138.20
    # of it is due.
    CARRY_ON[13]
    | month(
        pay=(2 * 2_636_65 + 2_106_20 + 138_20 + 2_352_70 - 1_750_00, 2_106_20 + 246_50, 1_750_00),
        kept=(2_484_84, 719_93, 535_50),  # 30.6 % of 8,120.40, 2,352.70, 1,750.00
        spending=8_120_40 + 2_352_70 + 1_750_00 + 1_020_00 + 102_00,  # 13,345.10
        paid=(
            8_120_40 - 2_484_84 + 2_367_12 + 1_020_00 + 102_00,  # general 9,124.68
            2_352_70 - 719_93 + 644_50,  # mentoring 2,277.27
            1_750_00 - 535_50 + 535_50,  # advocacy 1,750.00
        ),
        payments=9_124_68 + 2_277_27 + 1_750_00,  # 13,151.95
        bank=86_785_42 + 4_750_00 - 13_151_95,  # 78,383.47
        creditors=2_484_84 + 719_93 + 535_50 + 1_020_00 + 102_00,  # 4,862.27
        spendable=78_383_47 - 41_180_43,  # 37,203.04
        free_reserves=78_383_47 - 4_862_27 - 39_925_00,  # 33,596.20
        months_of_cover=37_203_04 / ((8_399_50 + 8_857_70 + 9_242_40) / 3),  # 4.2117
        closing_liability=SEPTEMBER_2027 - 20 * (485_97 + 436_76 + 111_62),  # 12,081.50
        people=(5, 2 + 1 + 1 + 1, 0, 0),
        cases=(12, 0, 0, 12),
    ),
    # t = 14, December 2027. Full NIC: 2 x 323.75 + 3 x 246.50.
    CARRY_ON[14]
    | month(
        pay=(2 * 2_636_65 + 2_106_20 + 2 * 323_75 + 246_50 + 2_352_70 - 1_750_00, 2_106_20 + 246_50, 1_750_00),
        kept=(2_716_12, 719_93, 535_50),  # 30.6 % of 8,876.20, 2,352.70, 1,750.00
        spending=8_876_20 + 2_352_70 + 1_750_00 + 1_020_00 + 102_00,  # 14,100.90
        paid=(
            8_876_20 - 2_716_12 + 2_484_84 + 1_020_00 + 102_00,  # general 9,766.92
            2_352_70 - 719_93 + 719_93,  # mentoring 2,352.70
            1_750_00 - 535_50 + 535_50,  # advocacy 1,750.00
        ),
        payments=9_766_92 + 2_352_70 + 1_750_00,  # 13,869.62
        bank=78_383_47 + 13_750_00 - 13_869_62,  # 78,263.85
        creditors=2_716_12 + 719_93 + 535_50 + 1_020_00 + 102_00,  # 5,093.55
        spendable=78_263_85 - 38_827_73,  # 39,436.12
        free_reserves=78_263_85 - 5_093_55 - 6_000_00 - 37_572_30,  # 29,598.00
        months_of_cover=39_436_12 / ((8_857_70 + 9_242_40 + 9_998_20) / 3),  # 4.2105
        closing_liability=SEPTEMBER_2027 - 20 * (485_97 + 436_76 + 111_62),  # 12,081.50
        people=(5, 2 + 1 + 1 + 1, 0, 0),
        cases=(12, 0, 0, 12),
    ),
    # t = 15, January 2028. As December.
    CARRY_ON[15]
    | month(
        pay=(2 * 2_636_65 + 2_106_20 + 2 * 323_75 + 246_50 + 2_352_70 - 1_750_00, 2_106_20 + 246_50, 1_750_00),
        kept=(2_716_12, 719_93, 535_50),  # 30.6 % of 8,876.20, 2,352.70, 1,750.00
        spending=8_876_20 + 2_352_70 + 1_750_00 + 1_020_00 + 102_00,  # 14,100.90
        paid=(
            8_876_20 - 2_716_12 + 2_716_12 + 1_020_00 + 102_00,  # general 9,998.20
            2_352_70 - 719_93 + 719_93,  # mentoring 2,352.70
            1_750_00 - 535_50 + 535_50,  # advocacy 1,750.00
        ),
        payments=9_998_20 + 2_352_70 + 1_750_00,  # 14,100.90
        bank=78_263_85 + 13_750_00 - 14_100_90,  # 77,912.95
        creditors=2_716_12 + 719_93 + 535_50 + 1_020_00 + 102_00,  # 5,093.55
        spendable=77_912_95 - 45_475_03,  # 32,437.92
        free_reserves=77_912_95 - 5_093_55 - 3_000_00 - 44_219_60,  # 25,599.80
        months_of_cover=32_437_92 / ((9_242_40 + 9_998_20 + 9_998_20) / 3),  # 3.3282
        closing_liability=SEPTEMBER_2027 - 20 * (485_97 + 436_76 + 111_62),  # 12,081.50
        people=(5, 2 + 1 + 1 + 1, 0, 0),
        cases=(12, 0, 0, 12),
    ),
    # t = 16, February 2028. As January.
    CARRY_ON[16]
    | month(
        pay=(2 * 2_636_65 + 2_106_20 + 2 * 323_75 + 246_50 + 2_352_70 - 1_750_00, 2_106_20 + 246_50, 1_750_00),
        kept=(2_716_12, 719_93, 535_50),  # 30.6 % of 8,876.20, 2,352.70, 1,750.00
        spending=8_876_20 + 2_352_70 + 1_750_00 + 1_020_00 + 102_00,  # 14,100.90
        paid=(
            8_876_20 - 2_716_12 + 2_716_12 + 1_020_00 + 102_00,  # general 9,998.20
            2_352_70 - 719_93 + 719_93,  # mentoring 2,352.70
            1_750_00 - 535_50 + 535_50,  # advocacy 1,750.00
        ),
        payments=9_998_20 + 2_352_70 + 1_750_00,  # 14,100.90
        bank=77_912_95 + 4_750_00 - 14_100_90,  # 68,562.05
        creditors=2_716_12 + 719_93 + 535_50 + 1_020_00 + 102_00,  # 5,093.55
        spendable=68_562_05 - 43_122_33,  # 25,439.72
        free_reserves=68_562_05 - 5_093_55 - 41_866_90,  # 21,601.60
        months_of_cover=25_439_72 / ((9_998_20 + 9_998_20 + 9_998_20) / 3),  # 2.5444
        closing_liability=SEPTEMBER_2027 - 20 * (485_97 + 436_76 + 111_62),  # 12,081.50
        people=(5, 2 + 1 + 1 + 1, 0, 0),
        cases=(12, 0, 0, 12),
    ),
    # t = 17, March 2028. The helpline's fifth quarter is paid ahead. Still going.
    month(
        receipts=3_000_00 + 1_750_00 + 9_000_00,  # 13,750.00: gifts, council, helpline
        income=3_000_00 + 1_750_00 + 3_000_00,  # 7,750.00: gifts, council, helpline
        pay=(2 * 2_636_65 + 2_106_20 + 2 * 323_75 + 246_50 + 2_352_70 - 1_750_00, 2_106_20 + 246_50, 1_750_00),
        kept=(2_716_12, 719_93, 535_50),  # 30.6 % of 8,876.20, 2,352.70, 1,750.00
        spending=8_876_20 + 2_352_70 + 1_750_00 + 1_020_00 + 102_00,  # 14,100.90
        paid=(
            8_876_20 - 2_716_12 + 2_716_12 + 1_020_00 + 102_00,  # general 9,998.20
            2_352_70 - 719_93 + 719_93,  # mentoring 2,352.70
            1_750_00 - 535_50 + 535_50,  # advocacy 1,750.00
        ),
        payments=9_998_20 + 2_352_70 + 1_750_00,  # 14,100.90
        bank=68_562_05 + 13_750_00 - 14_100_90,  # 68,211.15
        mentoring=42_586_83 - 2_352_70,  # 40,234.13
        advocacy=535_50 + 1_750_00 - 1_750_00,  # 535.50
        mentoring_balance=41_866_90 - 2_352_70,  # 39,514.20
        advocacy_balance=0 + 1_750_00 - 1_750_00,  # 0.00
        debtors=0,
        deferred=6_000_00,
        creditors=2_716_12 + 719_93 + 535_50 + 1_020_00 + 102_00,  # 5,093.55
        restricted_cash=40_234_13 + 535_50,  # 40,769.63
        spendable=68_211_15 - 40_769_63,  # 27,441.52
        free_reserves=68_211_15 - 5_093_55 - 6_000_00 - 39_514_20,  # 17,603.40
        months_of_cover=27_441_52 / ((9_998_20 + 9_998_20 + 9_998_20) / 3),  # 2.7446
        closing_liability=SEPTEMBER_2027 - 20 * (485_97 + 436_76 + 111_62),  # 12,081.50
        people=(5, 2 + 1 + 1 + 1, 0, 0),
        cases=(12, 0, 0, 12),
    ),
]

LEDGERS = {"carry_on": CARRY_ON, "hub_and_dock": HUB_AND_DOCK}
WORKINGS = {"pay", "kept", "paid"}
NIL = ["investments", "fixed_assets", "provisions", "loans", "facility"]
ENDED = {"carry_on": 16, "hub_and_dock": 18}  # first month that ranks as ended
MONEY = sorted(set(CARRY_ON[0]) - WORKINGS - set(PEOPLE) - set(CASES))


@pytest.mark.parametrize("strategy", LEDGERS)
def test_the_ledger_itself_adds_up(strategy):
    bank, debtors, deferred, heads = 95_000_00, 9_000_00, 0, 24
    for t, row in enumerate(LEDGERS[strategy]):
        assert set(row) == set(CARRY_ON[0]), t
        assert row["payments"] == sum(row["paid"]), t
        assert row["kept"] == tuple((pay * 306 + 500) // 1000 for pay in row["pay"]), t
        assert row["bank"] == bank + row["receipts"] - row["payments"], t
        assert row["income"] == row["receipts"] + row["debtors"] - debtors - row["deferred"] + deferred, t
        assert row["heads"] == heads + row["joined"] - row["left"], t
        assert row["bank"] == row["restricted_cash"] + row["spendable"], t
        bank, debtors, deferred, heads = row["bank"], row["debtors"], row["deferred"], row["heads"]
    # What came in on accruals is what the funds have more: 67,600 + 9,000 - 4,500 general, 25,000 and 2,400 restricted.
    rows = LEDGERS[strategy]
    funds = rows[-1]["free_reserves"] + rows[-1]["balance:mentoring"] + rows[-1]["balance:advocacy"]
    gained = sum(row["income"] - row["spending"] for row in rows)
    assert funds == 67_600_00 + 9_000_00 - 4_500_00 + 25_000_00 + 2_400_00 + gained


@pytest.fixture(scope="module", params=LEDGERS)
def played(request):
    """(name of the strategy, its projection: one path, 18 months)."""
    from resilience import project, read_organisation, read_strategy

    strategy = read_strategy(request.param)
    return request.param, project(read_organisation("certain"), strategy=strategy, months=18, paths=1, keep_paths=True)


@pytest.mark.parametrize("name", [*MONEY, *PEOPLE, *CASES])
def test_every_month_is_the_ledgers(played, name):
    strategy, projection = played
    got = [figures[0] for figures in projection.accounts[name].tolist()]
    expected = [row[name] for row in LEDGERS[strategy]]
    exact = name in MONEY and name != "months_of_cover"
    near = 0 if exact else 1e-9
    pairs = enumerate(zip(got, expected, strict=True))
    wrong = [f"t = {t}: {g}, by hand {e}" for t, (g, e) in pairs if not abs(g - e) <= near]
    assert not wrong, f"{name}, {strategy}\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", NIL)
def test_what_it_does_not_have_is_nil(played, name):
    _, projection = played
    assert not projection.accounts[name].any()


POUNDS = [
    "bank",
    "spendable",
    "headroom",
    "restricted_cash",
    "free_reserves",
    "income",
    "spending",
    "closing_liability",
]


@pytest.mark.parametrize("name", POUNDS)
def test_the_quantiles_of_one_path_are_its_pounds(played, name):
    strategy, projection = played
    p50 = projection.measure(name).p50
    for t, row in enumerate(LEDGERS[strategy]):
        if t < ENDED[strategy]:
            assert round(p50[t] * 100, 6) == row[name], t
        else:
            assert p50[t] is None or math.isnan(p50[t]), t


@pytest.mark.parametrize("name", [*PEOPLE[:2], *CASES])
def test_people_keep_their_quantiles_after_the_end(played, name):
    strategy, projection = played
    p50 = projection.measure(name).p50
    for t, row in enumerate(LEDGERS[strategy]):
        assert math.isclose(p50[t], row[name], rel_tol=0, abs_tol=1e-9), t
