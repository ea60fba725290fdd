"""Who gets notice and when: serve-by, consultation with all who go together, notice at risk withdrawn. docs/model.md, section 6."""

from __future__ import annotations

from resilience.compiled import compiled
from resilience.months.people import fill, runs_out
from resilience.months.record import note
from resilience.months.undocking import spared
from resilience.rows import FIXED_TERM, NOTICE_SERVED, NOTICE_WITHDRAWN, SERVE


def _consultation(heads, posts):
    """Whole months of collective consultation: employment.consultation_months."""
    few, many = posts.consulting[0], posts.consulting[1]
    return 0 if heads < few[0] else few[1] if heads < many[0] else many[1]


consultation = compiled(_consultation, inner=True)


def _is_served(t, d, g, p, posts, teams, bays):
    """Would notice be served on a group when its dock is undocked?"""
    return not ((bays.goes[d, p] == 1 and posts.goes[g] == 1) or runs_out(t, g, p, False, posts, teams, bays))


_is_served = compiled(_is_served, inner=True)


def _dismissed_with(t, d, p, posts, posts_of, teams, bays):
    """Employees dismissed with a dock within 90 days: its own, those of docks whose funding ends at most two months before or after,
    and those under notice since two months that were not consulted collectively.
    """
    heads = _served_lately(t, p, posts, teams)
    for o in range(bays.working.shape[0]):
        if o != d and (bays.working[o, p] == 0 or bays.leaving[o, p] >= 0 or abs(bays.end[o, p] - bays.end[d, p]) > 2):
            continue
        for i in range(posts_of.shape[1]):
            g = posts_of[o, i]
            if g >= 0 and posts.form[g] <= FIXED_TERM and _is_served(t, o, g, p, posts, teams, bays):
                heads += teams.heads[g, p] if teams.served[g, p] < 0 else 0
    return heads


def _served_lately(t, p, posts, teams):
    """Employees on whom notice was served in the last two months, too few to be consulted collectively."""
    heads = 0
    for g in range(posts.heads.shape[0]):
        if t - 2 <= teams.served[g, p] < t and teams.consulting[g, p] == 0 and posts.form[g] <= FIXED_TERM:
            heads += teams.heads[g, p] if teams.served[g, p] >= 0 else 0
    return heads


_served_lately = compiled(_served_lately, inner=True)
_dismissed_with = compiled(_dismissed_with, inner=True)


def _longest_notice(t, d, p, posts, posts_of, teams, bays):
    """Months of the longest notice in a dock, if it began after month t: of those who would be served."""
    longest, then = 0, min(t, posts.notice.shape[2] - 1)
    for i in range(posts_of.shape[1]):
        g = posts_of[d, i]
        if g < 0:
            break
        if not _is_served(t, d, g, p, posts, teams, bays):
            continue
        if teams.old[g, p] > 0:
            longest = max(longest, posts.notice[g, posts.began[g] + posts.oldest, then])
        for j in range(teams.others_number[g, p]):
            longest = max(longest, posts.notice[g, teams.others[g, j, p] + posts.oldest, then])
    return longest


_longest_notice = compiled(_longest_notice, inner=True)


def _serve_by(t, d, p, late, posts, posts_of, teams, bays):
    """Is the month after t, or `late` months before it, the latest in which notice can be served for the end of a dock's funding?

    Consultation and the longest notice, as of next month: what waiting would make of it. Of those who do not go with the work, where
    that is told, and whose contracts do not end with it.
    """
    left, most = bays.end[d, p] - 1 - (t - late), posts.consulting[1, 1]
    if _longest_notice(t + 1 + most, d, p, posts, posts_of, teams, bays) + most < left:
        return False  # who is consulted with them need not be counted
    if _longest_notice(t + 1, d, p, posts, posts_of, teams, bays) >= left:
        return True
    consulting = consultation(_dismissed_with(t, d, p, posts, posts_of, teams, bays), posts)
    return _longest_notice(t + 1 + consulting, d, p, posts, posts_of, teams, bays) + consulting >= left


serve_by = compiled(_serve_by, inner=True)


def _somebody_stays(d, p, posts, posts_of, teams):
    """Is there anybody in a dock who would not go with its work?"""
    for i in range(posts_of.shape[1]):
        g = posts_of[d, i]
        if g >= 0 and posts.goes[g] == 0 and teams.heads[g, p] > 0:
            return True
    return False


somebody_stays = compiled(_somebody_stays, inner=True)


def _docks(t, do, delay, p, posts, posts_of, streams_of, path, teams, bays):
    """Undock, or serve notice at risk, where the serve-by month is next; `delay` months late."""
    fired = False
    for d in range(bays.working.shape[0]):
        if (
            bays.working[d, p] == 0
            or bays.leaving[d, p] >= 0
            or streams_of[d, 0] < 0
            or bays.end[d, p] > t + 1 + posts.longest
            or (bays.goes[d, p] == 1 and not somebody_stays(d, p, posts, posts_of, teams))
        ):
            continue
        if (bays.untold[d, p] == 1) == (do == SERVE) and serve_by(t, d, p, delay, posts, posts_of, teams, bays):
            bays.leaving[d, p] = t
            bays.at_risk[d, p] = bays.untold[d, p]
            path.deciding[p] = 1
            fired = True
    return fired


docks = compiled(_docks, inner=True)


def _withdrawals(t, posts, posts_of, path, teams, bays, record):
    """Notices served at risk fall away when the renewal is told, or that the people go with the work."""
    for d in range(bays.working.shape[0]):
        for p in range(path.bank.shape[0]):
            if bays.at_risk[d, p] == 0 or bays.working[d, p] == 0 or path.closing[p] >= 0 or path.alive[p] == 0:
                continue
            if bays.goes[d, p] == 1:
                bays.at_risk[d, p] = 0
                _go_instead(t, d, p, posts, posts_of, teams, bays, record)
            elif not serve_by(t, d, p, 0, posts, posts_of, teams, bays):
                bays.leaving[d, p] = -1
                bays.at_risk[d, p] = 0
                for i in range(posts_of.shape[1]):
                    g = posts_of[d, i]
                    if g >= 0 and teams.served[g, p] >= 0:
                        teams.served[g, p] = -1
                        note(p, t, NOTICE_WITHDRAWN, g, 0, record)
                        fill(t, g, p, t + 1, posts, teams)
            elif bays.untold[d, p] == 0:
                bays.at_risk[d, p] = 0


def _go_instead(t, d, p, posts, posts_of, teams, bays, record):
    """Notice is withdrawn from those of a dock who will go with its work; it stands for the others, if there are any."""
    staying = False
    for i in range(posts_of.shape[1]):
        g = posts_of[d, i]
        if g < 0 or teams.served[g, p] < 0:
            continue
        if posts.goes[g] == 0:
            staying = True
        else:
            teams.served[g, p] = -1
            note(p, t, NOTICE_WITHDRAWN, g, 0, record)
    if not staying:
        bays.leaving[d, p] = -1


_go_instead = compiled(_go_instead, inner=True)
withdrawals = compiled(_withdrawals, inner=True)


def _serve_notice(t, posts, path, teams, bays, record):
    """Serves notice at the end of month t on every group that this month's decisions let go; posts being filled are not filled.

    Employees let go together, and those let go in the two months before without it, are counted for collective consultation.
    """
    for p in range(path.bank.shape[0]):
        if path.deciding[p] == 0:
            continue
        path.deciding[p] = 0
        closing, stripping = path.closing[p] == t, path.stripped[p] == t
        together = _served_lately(t, p, posts, teams)
        for step in range(2):  # how many go together, then notice
            consulting = consultation(together, posts)
            for g in range(posts.heads.shape[0]):
                d = posts.dock[g]
                goes = closing or (d >= 0 and bays.leaving[d, p] == t) or (stripping and d < 0 and posts.core[g] == 0)
                if not goes or teams.served[g, p] >= 0 or _exempt(t, g, p, closing or d < 0, posts, teams, bays):
                    continue
                if step == 0:
                    together += teams.heads[g, p] if posts.form[g] <= FIXED_TERM else 0
                    continue
                teams.served[g, p] = t
                teams.consulting[g, p] = consulting if posts.form[g] <= FIXED_TERM else 0
                teams.unfilled[g, p] = 0
                for later in range(t + 1, teams.joins.shape[1]):
                    teams.joins[g, later, p] = 0
                if teams.heads[g, p] > 0:
                    note(p, t, NOTICE_SERVED, g, teams.heads[g, p], record)


def _exempt(t, g, p, whole, posts, teams, bays):
    """Nobody serves notice on who goes with the work, or whose contract ends by itself."""
    return spared(t, g, p, posts, bays) or runs_out(t, g, p, whole, posts, teams, bays)


_exempt = compiled(_exempt, inner=True)
serve_notice = compiled(_serve_notice, inner=True)
