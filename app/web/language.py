"""The language of a request: in the path of pages, from the reader's wishes elsewhere."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import Flask, current_app, g, redirect, request, url_for
from flask_babel import Babel, Domain
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.i18n.catalogue import catalogue_of
from app.i18n.formats import format_date, format_number, format_percent
from app.i18n.languages import CATALOGUE_DIR, CODES, DOMAIN, LANGUAGES, negotiate

PREFIX = f"/<any({', '.join(CODES)}):lang>"
"""Every page stands under it."""

MOST_TEXTS = 20_000
"""Texts that are kept ready for templates: thrice the catalogues, for what else is looked up in them."""


def current_language() -> str:
    """Return the language of this request: path, then ``?lang=``, then Accept-Language, then Kyrgyz."""
    kept = g._get_current_object()  # a page asks 800 times, and each way through the stand-in costs tenfold
    language: str | None = kept.get("lang")
    if language is None:
        first = request.path.split("/", 2)[1]
        wish = first if first in CODES else request.args.get("lang", "")
        language = g.lang = wish if wish in CODES else negotiate(request.headers.get("Accept-Language"))
    return language


def address_in(language: str) -> str:
    """Return the address of this page in another language, its filters kept."""
    endpoint = request.endpoint
    if endpoint and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        arguments: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
        arguments["lang"] = language
        return url_for(endpoint, **arguments)
    return f"/{language}/"


class _Catalogues(Domain):  # type: ignore[misc]
    """Texts of presenters, from the catalogues that files and commands read too.

    Babel finds the catalogue anew for each text by writing out a locale, which costs a school's page 2 ms.
    """

    def gettext(self, string: str, **values: Any) -> str:
        found = catalogue_of(current_language()).gettext(string)
        return found % values if values else found

    def ngettext(self, singular: str, plural: str, num: int, **values: Any) -> str:
        return catalogue_of(current_language()).ngettext(singular, plural, num) % {"num": num, **values}

    def pgettext(self, context: str, string: str, **values: Any) -> str:
        found = catalogue_of(current_language()).pgettext(context, string)
        return found % values if values else found

    def npgettext(self, context: str, singular: str, plural: str, num: int, **values: Any) -> str:
        found = catalogue_of(current_language()).npgettext(context, singular, plural, num)
        return found % {"num": num, **values}


class _Babel(Babel):  # type: ignore[misc]
    @cached_property
    def domain_instance(self) -> Domain:
        return _Catalogues(domain=self.domain)


def _translate_templates(app: Flask) -> None:
    """Take each string of a template from the catalogue itself: a page has 200, and Babel's way to it is long.

    So is Jinja's from ``_`` to it: four calls that look at their arguments, for a text that nothing is put into. Such
    a text is kept ready; ``_`` asks for no more than whether the template escapes, as a whole context is a copy of all
    names in a loop.
    """

    plain: dict[tuple[str, str], Markup] = {}

    def pgettext(context: str, message: str) -> str:
        return catalogue_of(current_language()).pgettext(context, message)

    def npgettext(context: str, one: str, many: str, number: int) -> str:
        return catalogue_of(current_language()).npgettext(context, one, many, number)

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: catalogue_of(current_language()).gettext(message),
        ngettext=lambda one, many, number: catalogue_of(current_language()).ngettext(one, many, number),
        newstyle=True,
        pgettext=pgettext,
        npgettext=npgettext,
    )

    @pass_eval_context
    def text(context: EvalContext, message: str, /, **values: Any) -> str:
        language = current_language()
        if not context.autoescape:
            return catalogue_of(language).gettext(message) % values
        if values:
            return Markup(catalogue_of(language).gettext(message)) % values  # noqa: S704  our own texts
        found = plain.get((language, message))
        if found is None:
            found = Markup(catalogue_of(language).gettext(message)) % values  # noqa: S704
            if len(plain) < MOST_TEXTS:
                plain[language, message] = found
        return found

    app.jinja_env.globals["_"] = text


def init_app(app: Flask) -> None:
    """Take the language out of the path, put it into addresses, and give templates the forms of numbers."""
    app.config.update(
        BABEL_DEFAULT_LOCALE=CODES[0],
        BABEL_TRANSLATION_DIRECTORIES=str(CATALOGUE_DIR),
        BABEL_DOMAIN=DOMAIN,
        BABEL_DEFAULT_TIMEZONE="Asia/Bishkek",
    )
    _Babel(app, locale_selector=current_language)
    _translate_templates(app)

    @app.url_value_preprocessor
    def _take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "lang" in values:
            g.lang = values.pop("lang")

    @app.url_defaults
    def _give_language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = current_language()

    @app.context_processor
    def _for_templates() -> dict[str, Any]:
        return {"lang": current_language(), "languages": LANGUAGES, "address_in": address_in}

    app.jinja_env.filters.update(
        number=lambda value, decimals=0: format_number(value, current_language(), decimals),
        percent=lambda value, decimals=0: format_percent(value, current_language(), decimals),
        date=lambda value: format_date(value, current_language()),
    )

    @app.get("/")
    def front_door() -> Response:
        response = redirect(f"/{negotiate(request.headers.get('Accept-Language'))}/", code=302)
        response.headers["Vary"] = "Accept-Language"
        response.headers["Cache-Control"] = "no-cache"
        return response

    app.view_functions["front_door"].required_action = "read"  # type: ignore[union-attr]
