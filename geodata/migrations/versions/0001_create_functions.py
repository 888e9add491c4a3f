"""Create the functions that search and row security stand on."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FOLD_NAME = r"""
CREATE FUNCTION fold_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT btrim(regexp_replace(regexp_replace(
        translate(
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
                replace(translate(lower(normalize(name, NFC)), 'өүңёэйыъь', 'оунееии'), 'дж', 'ж'),
                'shch', 'щ'), 'dzh', 'ж'), 'sh', 'ш'), 'ch', 'ч'), 'zh', 'ж'), 'ts', 'ц'), 'kh', 'х'),
                'ya', 'я'), 'yu', 'ю'), 'yo', 'е'), 'ng', 'н'),
            'abcdefghijklmnopqrstuvwyzöüñı', 'абкдефгхижклмнопкрстуввизоуни'),
        '[^0-9а-яa-z]+', ' ', 'g'),
        '([а-я])\1+', '\1', 'g'))
$$
"""
# Only letters are folded to single: "№ 11" stays apart from "№ 1".

FOLD_NAMES = """
CREATE FUNCTION fold_names(name_ky text, name_ru text, name_en text, others text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(
        coalesce(fold_name(name_ky), '') || ' ' || coalesce(fold_name(name_ru), '') || ' '
        || coalesce(fold_name(name_en), '') || ' ' || coalesce(fold_name(array_to_string(others, ' ')), ''))
$$
"""

APP_SCOPE = """
CREATE FUNCTION app_scope() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT coalesce(current_setting('app.scope', true), 'none') $$
"""


def upgrade() -> None:
    """Apply."""
    op.execute(FOLD_NAME)
    op.execute(FOLD_NAMES)
    op.execute(APP_SCOPE)


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION app_scope()")
    op.execute("DROP FUNCTION fold_names(text, text, text, text[])")
    op.execute("DROP FUNCTION fold_name(text)")
