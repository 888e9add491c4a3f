"""No page is left out of the browser's crawl without a reason: the list is held against the map of addresses."""

from __future__ import annotations

import re

from tests.support.shown_pages import PAGES, STAFF_PAGES

FILE = re.compile(r"\.(?:<[^>]*>|csv|xlsx|pdf|json|zip|js)$|<any\(thumbnail")
CODES = {
    "rayon": "1", "aimak": "2", "former": "3", "school": "S1", "run": "f" * 64, "building": "S1-1", "visit": "1",
    "account": "1",
}  # fmt: skip
ELSEWHERE = {
    "account.index": "tests/browser/test_account.py",
    "account.password": "tests/browser/test_account.py",
    "account.factor": "tests/browser/test_account.py",
    "account.set_up": "needs a second factor under way: tests/app/web/accounts",
    "accounts.code": "needs a password that was just right: tests/app/web/accounts",
    "accounts.enrol": "needs a password that was just right: tests/app/web/accounts",
    "administration.index": "tests/browser/test_account.py",
    "appeals.appeal": "needs an appeal: tests/app/web/appeals",
    "assess.document": "a file of a survey",
    "assess.survey": "tests/browser/test_assess.py",
    "campaigns.campaign": "needs a campaign: tests/app/web/campaigns",
    "field.choose_paper": "leads on to a PDF",
    "field.entry": "needs a paper form under way: tests/app/web/field",
    "field.submission": "needs a form from the field: tests/app/web/field",
    "imports.batch": "tests/browser/test_import_wizard.py",
    "imports.mapping": "tests/browser/test_import_wizard.py",
    "jobs.job": "needs a job: tests/app/web/jobs",
    "links.choose": "needs a link for one person: tests/app/web/administration",
    "map.card": "a part of a page",
    "map.search": "an answer for the map",
    "money.plan": "needs a plan: tests/app/web/plans",
    "official.changes": "needs two official lists: tests/app/web/official",
    "pipeline.project": "needs a project: tests/app/web/pipeline",
    "priors.version": "needs a table of priors: tests/app/web/priors",
    "revisions.change": "tests/browser/test_revisions.py",
    "standard.any_criterion": "leads on to the criterion of the edition in force",
    "verification.assessment": "needs an assessment that waits: tests/app/web/verification",
    "work.tasks": "needs tasks: tests/app/web/work",
}
"""Pages that the crawl does not open, and where they are looked at or why not."""


def test_every_page_is_in_the_crawl_or_has_a_reason(app):
    finder = app.url_map.bind("localhost")
    paths = [*PAGES.values(), *(path for _role, path in STAFF_PAGES.values())]
    opened = {finder.match(path.format(lang="ky", **CODES).partition("?")[0])[0] for path in paths}
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "lang" in rule.arguments and not FILE.search(rule.rule)
    }

    assert pages - opened - set(ELSEWHERE) == set(), "open the new pages in tests/support/shown_pages.py"
    assert set(ELSEWHERE) & opened == set()
    assert set(ELSEWHERE) - pages == set()
