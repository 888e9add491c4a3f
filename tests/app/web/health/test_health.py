"""Alive, ready, measured."""

from __future__ import annotations

import shutil
from typing import NamedTuple

import pytest
from flask import Flask, request
from sqlalchemy import text

from app.web.guard import requires
from app.web.health import routes
from geodata.database import make_engine
from tests.support.web import make_app, make_settings


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def worker_alive(database):
    """A worker that gave a sign of life just now."""
    engine = make_engine(database.url("mektep_worker"))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    yield
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_workers"))
    engine.dispose()


def test_alive_needs_no_database(database, tmp_path) -> None:
    settings = make_settings(database, tmp_path).model_copy(
        update={"web_url": "postgresql+psycopg://mektep_web@/none?host=/nowhere"}
    )

    response = make_app(settings).test_client().get("/healthz")

    assert response.get_json() == {"status": "alive"}


def test_ready_when_all_is_there(live_app: Flask, worker_alive) -> None:
    response = live_app.test_client().get("/readyz")

    assert response.status_code == 200
    assert response.get_json()["missing"] == []


def test_a_silent_worker_is_named(live_app: Flask) -> None:
    response = live_app.test_client().get("/readyz")

    assert response.status_code == 503
    assert response.get_json()["missing"] == ["worker"]


def test_a_database_that_is_away_is_named(database, tmp_path) -> None:
    settings = make_settings(database, tmp_path).model_copy(
        update={"web_url": "postgresql+psycopg://mektep_web@/none?host=/nowhere"}
    )

    response = make_app(settings).test_client().get("/readyz")

    assert response.status_code == 503
    assert "database" in response.get_json()["missing"]
    assert "nowhere" not in response.text


def test_migrations_that_are_missing_are_named(live_app: Flask, worker_alive, monkeypatch) -> None:
    monkeypatch.setattr(routes.upgrade, "newest_revision", lambda: "9999")

    assert "migrations" in live_app.test_client().get("/readyz").get_json()["missing"]


def test_a_full_disk_is_named(live_app: Flask, worker_alive, monkeypatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(100 * 10**9, 98 * 10**9, 2 * 10**9))

    assert live_app.test_client().get("/readyz").get_json()["missing"] == ["disk"]


def test_counters_are_for_this_machine_only(live_app: Flask) -> None:
    client = live_app.test_client()
    client.get("/healthz")

    near = client.get("/metrics")
    far = client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    through_a_proxy = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})

    assert 'mektep_requests_total{endpoint="health.alive",method="GET",status="200"}' in near.text
    assert (far.status_code, through_a_proxy.status_code) == (404, 404)


def test_static_files_are_not_for_other_sites(live_app: Flask) -> None:
    response = live_app.test_client().get("/static/css/system-pages.css")

    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_behind_a_trusted_proxy_counters_stay_closed_and_the_reader_keeps_an_address(database, tmp_path) -> None:
    app = make_app(make_settings(database, tmp_path, trusted_proxies=1))

    @app.get("/api/v1/who")
    @requires("read")
    def who() -> str:
        return request.remote_addr or ""

    client = app.test_client()
    forwarded = {"X-Forwarded-For": "198.51.100.4, 203.0.113.9"}

    assert client.get("/api/v1/who", headers=forwarded).text == "203.0.113.9"
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
