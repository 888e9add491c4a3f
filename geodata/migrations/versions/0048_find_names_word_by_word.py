"""Find schools and areas word by word: every word that tells something must be there, in the name or in its area's.

A number is met whole; a word is met as it begins, and only where nothing begins so, with one wrong letter (two in a
long word) or another ending of an adjective. Words that say only what is looked for ("school", "rayon") are left out.
"""

from __future__ import annotations

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

ROLES = "mektep_web, mektep_worker"

SAY_LITTLE = (
    "мектеп мектеби мектептин орто негизги башталгыч гимназия гимназиясы мектеп-гимназиясы лицей лицейи мектеп-лицейи "
    "школа школы средняя основная начальная общеобразовательная школа-гимназия школа-лицей номер "
    "school secondary basic primary gymnasium lyceum school-gymnasium school-lyceum no number "
    "облусу облус району район шаары шаар айыл айылы аймагы аймак айылдык өкмөтү "
    "область районы города город село айылный oblast rayon region district city town village aiyl aimak"
)
"""Words that say only what kind of thing is looked for, in three languages; folded like names when they are used."""

WORDS = f"""
CREATE FUNCTION asked_words(question text) RETURNS SETOF text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = public AS $$
    WITH asked AS (SELECT DISTINCT word FROM unnest(string_to_array(fold_name(question), ' ')) AS word WHERE word <> ''),
    little AS (SELECT unnest(string_to_array(fold_name('{SAY_LITTLE}'), ' ')) AS word),
    telling AS (SELECT word FROM asked EXCEPT SELECT word FROM little)
    SELECT word FROM telling UNION SELECT word FROM asked WHERE NOT EXISTS (SELECT FROM telling)
$$
"""

# A Russian adjective of a place ("ошский", folded "ошски") is met by the place and by its other endings.
BARE = """
CREATE FUNCTION bare_word(word text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(word, '^(..+?)ск(и|ая|ое|ои|ого|ом|им|ие|ую)$', '\\1')
$$
"""

BEGINS = """
CREATE FUNCTION has_word(folded text, word text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (' ' || folded || ' ') LIKE ('% ' || word || CASE WHEN word ~ '^[0-9]+$' THEN ' %' ELSE '%' END)
$$
"""

LIKE = """
CREATE FUNCTION has_word_like(folded text, word text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public AS $$
    SELECT word !~ '[0-9]' AND EXISTS (
        SELECT FROM (
            SELECT one, one || lead(one, 1, '') OVER (ORDER BY place) AS joined
            FROM unnest(string_to_array(folded, ' ')) WITH ORDINALITY AS parts(one, place)
        ) AS words
        CROSS JOIN (SELECT CASE WHEN length(word) < 4 THEN 0 WHEN length(word) < 8 THEN 1 ELSE 2 END AS wrong) AS allowed
        WHERE bare_word(one) = bare_word(word)
            OR levenshtein_less_equal(one, word, wrong) <= wrong
            OR levenshtein_less_equal(joined, word, wrong) <= wrong)
$$
"""

AREAS = """
CREATE FUNCTION area_spelt(question text) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = public ROWS 10 AS $$
DECLARE asked text; mine bigint[]; found bigint[];
BEGIN
    FOR asked IN SELECT * FROM asked_words(question) LOOP
        mine := ARRAY(SELECT id FROM area WHERE has_word(folded_name, asked));
        IF cardinality(mine) = 0 THEN
            mine := ARRAY(SELECT id FROM area WHERE has_word_like(folded_name, asked));
        END IF;
        found := CASE WHEN found IS NULL THEN mine ELSE ARRAY(SELECT unnest(found) INTERSECT SELECT unnest(mine)) END;
        EXIT WHEN cardinality(found) = 0;
    END LOOP;
    RETURN QUERY SELECT unnest(found) UNION SELECT id FROM area WHERE code = btrim(question);
END
$$
"""

# The threshold of the index is set when asked, after a call that loads its library: a fresh session, as a restore is,
# may not name it. As the owner, by index, and with ids alone: see 0005. The country holds every school, so its name tells nothing.
SCHOOLS = """
CREATE OR REPLACE FUNCTION school_spelt(question text) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public ROWS 100 AS $$
DECLARE asked text; mine bigint[]; found bigint[];
BEGIN
    PERFORM show_limit();
    PERFORM set_config('pg_trgm.word_similarity_threshold', '0.3', true);
    FOR asked IN SELECT * FROM asked_words(question) LOOP
        mine := ARRAY(
            SELECT id FROM school WHERE folded_name LIKE '%' || asked || '%' AND has_word(folded_name, asked)
            UNION
            SELECT school_id FROM school_area JOIN area ON area.id = area_id
            WHERE area.level > 0 AND has_word(area.folded_name, asked));
        IF cardinality(mine) = 0 THEN
            mine := ARRAY(
                SELECT id FROM school WHERE asked <% folded_name AND has_word_like(folded_name, asked)
                UNION
                SELECT school_id FROM school_area JOIN area ON area.id = area_id
                WHERE area.level > 0 AND has_word_like(area.folded_name, asked));
        END IF;
        found := CASE WHEN found IS NULL THEN mine ELSE ARRAY(SELECT unnest(found) INTERSECT SELECT unnest(mine)) END;
        EXIT WHEN cardinality(found) = 0;
    END LOOP;
    RETURN QUERY SELECT unnest(found) UNION SELECT id FROM school WHERE code = question;
END
$$
"""

FORMER_SCHOOLS = """
CREATE FUNCTION school_spelt(question text) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public ROWS 100 AS $$
    SELECT id FROM school WHERE (fold_name(question) <> '' AND (fold_name(question) <% folded_name
    OR folded_name LIKE '%' || fold_name(question) || '%')) OR code = question
$$
"""
OPEN = ("asked_words(text)", "bare_word(text)", "has_word(text, text)", "has_word_like(text, text)", "area_spelt(text)")


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE EXTENSION IF NOT EXISTS fuzzystrmatch")
    op.execute("DROP FUNCTION school_spelt(text)")
    for statement in (WORDS, BARE, BEGINS, LIKE, AREAS, SCHOOLS):
        op.execute(statement)
    for signature in (*OPEN, "school_spelt(text)"):
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM public")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {ROLES}")


def downgrade() -> None:
    """Take back."""
    for signature in ("school_spelt(text)", *reversed(OPEN)):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute(FORMER_SCHOOLS)
    op.execute("REVOKE ALL ON FUNCTION school_spelt(text) FROM public")
    op.execute(f"GRANT EXECUTE ON FUNCTION school_spelt(text) TO {ROLES}")
