"""Generated documents follow the code."""

from __future__ import annotations

from app.settings import PROJECT_ROOT, Settings
from scripts.write_docs import env_example


def test_env_example_is_up_to_date() -> None:
    assert (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8") == env_example(), "python -m scripts.write_docs"


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
