"""Rules of posts and kinds of contract: where vacancies go, when contracts end, what is legally hazardous."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from resilience.organisation_rules.written import Found, month_of, nearest, tables, teams, texts
from resilience.rates import rate

LONG = 2  # years for which a sessional or freelance has worked: employment tribunals look at what is done, not at what is written


def faults_of_posts(raw: dict[str, Any]) -> Found:
    """Vacancies go to another group of the same team, and stay there; contracts end in a month to come, or with a funding."""
    first = month_of(raw.get("first_month"))
    named = {str(post.get("post", name)) for _, team in teams(raw) for name, post in tables(team, "posts").items()}
    ended = month_of((raw.get("closing") or {}).get("pension_until")) if isinstance(raw.get("closing"), dict) else None
    if ended and first and ended < first:
        yield (
            ("closing", "pension_until"),
            str(ended),
            "lies before the first month",
            "leave it out, and pension_exit with it",
        )
    for keys, team in teams(raw):
        posts = tables(team, "posts")
        for name, post in posts.items():
            yield from _vacancies((*keys, "posts", name), post, posts)
            for other in texts(post.get("could_take")):
                if other not in named:
                    yield (
                        (*keys, "posts", name, "could_take"),
                        other,
                        "is no post of this file",
                        nearest(other, named, "leave it out"),
                    )
            until, place = month_of(post.get("until")), (*keys, "posts", name)
            if until and first and until < first:
                yield (
                    (*place, "until"),
                    str(until),
                    "lies before the first month",
                    "leave the group out; they have gone",
                )
            if post.get("kind") == "fixed-term" and "until" not in post and not texts(team.get("funded_by")):
                yield (
                    (*place, "until"),
                    None,
                    "is missing: no funding ends its contracts",
                    'write their last month, as "2027-03"',
                )


def faults_of_volunteers(raw: dict[str, Any]) -> Found:
    """Volunteers are supervised by a post of their dock, or by the hub."""
    for name, dock in tables(raw, "docks").items():
        for group, one in tables(dock, "volunteers").items():
            by, posts = one.get("supervised_by"), tables(dock, "posts")
            if isinstance(by, str) and by != "hub" and by not in posts:
                fix = nearest(by, [*posts, "hub"], 'name a post of the dock, or "hub"')
                yield ("docks", name, "volunteers", group, "supervised_by"), by, "is no post of this dock", fix


def _vacancies(keys: tuple[str, ...], post: dict[str, Any], posts: dict[str, dict[str, Any]]) -> Found:
    name, to = keys[-1], post.get("vacancies_go_to")
    if not isinstance(to, str):
        return
    if to == name:
        yield (*keys, "vacancies_go_to"), to, "is the group itself", "leave it out"
    elif to not in posts:
        yield (
            (*keys, "vacancies_go_to"),
            to,
            "is no group of the same team",
            nearest(to, posts, "name one of its posts"),
        )
    elif "vacancies_go_to" in posts[to]:
        yield (*keys, "vacancies_go_to"), to, "sends its own vacancies on", "name the group in which they end"


def questioned_posts(raw: dict[str, Any]) -> Iterator[str]:
    """What the law may see otherwise than the file; for a file without faults."""
    limit = rate("fixed_term_limit_years", month_of(raw["first_month"])).number
    for keys, team in teams(raw):
        for name, post in tables(team, "posts").items():
            kind, service = post.get("kind"), post.get("service", 0)
            here = ".".join((*keys, "posts", name))
            if post.get("in_scheme") and (raw.get("closing") or {}).get("pension_exit") is None:
                yield f"{here}: is in a final-salary scheme, and closing.pension_exit, what leaving it costs, is not entered"
            if kind == "fixed-term" and service >= limit:
                yield f"{here}: fixed-term for {service} years: permanent by law, unless that is justified; their contracts do not end"
            if kind in ("sessional", "freelance") and service >= LONG:
                yield (
                    f"{here}: {kind} for {service} years: a tribunal may find that they are employees, who are owed notice, "
                    "redundancy and holiday, and HMRC that tax is; ask before you rely on ending it"
                )
