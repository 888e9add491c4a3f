"""The pages that browser tests open, by name; ``path_of`` fills in what the demonstration has."""

from __future__ import annotations

PAGES = {
    "home": "/{lang}/",
    "map": "/{lang}/map",
    "areas": "/{lang}/areas",
    "country": "/{lang}/areas/41700000000000",
    "oblast": "/{lang}/areas/41706000000000",
    "rayon": "/{lang}/areas/{rayon}",
    "aimak": "/{lang}/areas/{aimak}",
    "former aimak": "/{lang}/areas/{former}",
    "area over time": "/{lang}/areas/{aimak}/history",
    "school": "/{lang}/schools/{school}",
    "list": "/{lang}/priorities",
    "filtered list": "/{lang}/priorities?grade=E&area=41706000000000&q=ак",
    "empty list": "/{lang}/priorities?q=zzzzzzzz",
    "runs": "/{lang}/priorities/runs/{run}",
    "official lists": "/{lang}/priorities/official?date=2026-12-01",
    "check of a hash": "/{lang}/priorities/verify?hash={run}",
    "unknown hash": "/{lang}/priorities/verify?hash=0123456789abcdef",
    "survey first": "/{lang}/priorities/survey",
    "appeals": "/{lang}/priorities/appeals",
    "funded out of order": "/{lang}/priorities/deviations?all=1",
    "stated numbers": "/{lang}/data/claims",
    "workbench": "/{lang}/priorities/workbench?C1=0.4&scale=1",
    "wrong weights": "/{lang}/priorities/workbench?C1=0.9",
    "rankings side by side": "/{lang}/priorities/workbench/compare?s=run&s=safety&s=gap&s=benefit",
    "why this rank": "/{lang}/schools/{school}/why",
    "surveys of buildings": "/{lang}/schools/{school}/surveys",
    "money of a school": "/{lang}/schools/{school}/money",
    "standard": "/{lang}/standard",
    "search in the standard": "/{lang}/standard?q=даараткана&critical=1",
    "criterion": "/{lang}/standard/2026-proposal/STR-02",
    "restricted criterion": "/{lang}/standard/2026-proposal/SEC-01",
    "guidance": "/{lang}/standard/2026-proposal/guidance?domain=FIRE",
    "editions": "/{lang}/standard/editions",
    "edition": "/{lang}/standard/editions/2026-proposal",
    "editions compared": "/{lang}/standard/compare?from=2026-proposal&to=2026-proposal",
    "budget": "/{lang}/money?first=2027&m-republican_budget-0=900&m-local_budget-1=300&must_rule=structural_flag",
    "three queues": "/{lang}/money/queues?queue=design",
    "measures": "/{lang}/money/measures",
    "measure": "/{lang}/money/measures/QW-EXIT",
    "method": "/{lang}/method",
    "data": "/{lang}/data",
    "data quality": "/{lang}/quality?order=age",
    "data quality of a rayon": "/{lang}/quality?area={rayon}",
    "winter readiness of a school": "/{lang}/winter/schools/{school}",
    "winter readiness": "/{lang}/winter?area={rayon}&state=any",
    "locations": "/{lang}/work/locations",
    "sign in": "/{lang}/sign-in",
    "not found": "/{lang}/schools/no-such-school",
}


def path_of(name: str, lang: str, codes: dict[str, str]) -> str:
    """Return the address of a page in a language."""
    return PAGES[name].format(lang=lang, **codes)
