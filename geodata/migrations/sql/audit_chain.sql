-- The audit: one row of differences for up to 1,000 records that a statement changed, one link for each transaction.
-- All functions run as the owner; the roles of the application can neither write to these tables nor call them.

CREATE FUNCTION audit_transaction_id() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    open_id bigint;
BEGIN
    SELECT id INTO open_id
    FROM audit_transaction AS mine
    WHERE xid = pg_current_xact_id()::text::bigint
        AND begun_at = transaction_timestamp()  -- numbers of transactions begin anew in a restored database
        AND NOT EXISTS (SELECT FROM audit_link WHERE transaction_id = mine.id);
    IF open_id IS NULL THEN
        INSERT INTO audit_transaction (xid, begun_at, account_id, request_id, reason)
        VALUES (
            pg_current_xact_id()::text::bigint,
            transaction_timestamp(),
            nullif(current_setting('app.account', true), '')::bigint,
            nullif(current_setting('app.request', true), ''),
            nullif(current_setting('app.reason', true), '')
        )
        RETURNING id INTO open_id;
    END IF;
    RETURN open_id;
END $$;

CREATE FUNCTION audit_event_joins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    NEW.transaction_id := audit_transaction_id();
    RETURN NEW;
END $$;

CREATE FUNCTION audit_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

-- Arguments of the trigger: the column that names the record; columns that are left out; columns whose values may be
-- shown (none named: all), of the others only that they changed; whether the values are restricted.
CREATE FUNCTION audit_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public SET timezone = 'UTC' AS $$
DECLARE
    subject CONSTANT text := TG_ARGV[0];
    ignored CONSTANT text[] := TG_ARGV[1]::text[] || subject;
    shown CONSTANT text[] := TG_ARGV[2]::text[];
    named text[];      -- primary key beside the subject: kept in each difference
    joined text;       -- o.a = n.a AND ...
    kept text;         -- (o.a, o.b) IS DISTINCT FROM (n.a, n.b)
    old_side text;
    new_side text;
    source text;
    found integer;     -- 1001: more than a block
    is_bulk boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        found := count(*) FROM (SELECT FROM new_rows LIMIT 1001) AS first;
    ELSE
        found := count(*) FROM (SELECT FROM old_rows LIMIT 1001) AS first;
    END IF;
    IF found = 0 THEN RETURN NULL; END IF;
    is_bulk := found > 1000;
    SELECT
        coalesce(array_agg(name) FILTER (WHERE is_key AND name <> subject), '{}'),
        string_agg(format('o.%1$I = n.%1$I', name), ' AND ') FILTER (WHERE is_key),
        format(
            'ROW(%s) IS DISTINCT FROM ROW(%s)',
            string_agg(format('o.%I', name), ', ') FILTER (WHERE is_told),
            string_agg(format('n.%I', name), ', ') FILTER (WHERE is_told)
        ),
        string_agg(
            CASE WHEN is_shown THEN replace(told, '?', 'o.' || quote_ident(name))
            ELSE format('CASE WHEN o.%1$I IS NOT NULL THEN ''***'' END', name) END || ' AS ' || quote_ident(name), ', '
        ) FILTER (WHERE is_told),
        string_agg(
            CASE WHEN is_shown THEN replace(told, '?', 'n.' || quote_ident(name))
            WHEN TG_OP = 'INSERT' THEN format('CASE WHEN n.%1$I IS NOT NULL THEN ''***'' END', name)
            ELSE format(
                'CASE WHEN n.%1$I IS NOT NULL THEN CASE WHEN n.%1$I = o.%1$I THEN ''***'' ELSE ''*** (new)'' END END',
                name
            ) END || ' AS ' || quote_ident(name), ', '
        ) FILTER (WHERE is_told)
    INTO named, joined, kept, old_side, new_side
    FROM (
        SELECT
            attname::text AS name,
            coalesce(attnum = ANY (indkey), false) AS is_key,
            attname <> ALL (ignored) AS is_told,
            shown = '{}' OR attname = ANY (shown) AS is_shown,
            CASE
                WHEN typname <> 'geometry' THEN '?'
                WHEN postgis_typmod_type(atttypmod) = 'Point' THEN 'ST_AsText(?)'
                ELSE '''sha256 '' || encode(sha256(ST_AsEWKB(?)), ''hex'')'  -- the outline itself stays in its table
            END AS told
        FROM pg_attribute
        JOIN pg_type ON pg_type.oid = atttypid
        LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
        WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        ORDER BY attnum
    ) AS part;
    IF TG_OP = 'INSERT' THEN
        source := format(
            'SELECT n.%1$I AS id, jsonb_build_object(''id'', n.%1$I, ''new'', to_jsonb(r)) AS difference '
            'FROM new_rows AS n CROSS JOIN LATERAL (SELECT %2$s) AS r', subject, new_side
        );
    ELSIF TG_OP = 'DELETE' THEN
        source := format(
            'SELECT o.%1$I AS id, jsonb_build_object(''id'', o.%1$I, ''old'', to_jsonb(r)) AS difference '
            'FROM old_rows AS o CROSS JOIN LATERAL (SELECT %2$s) AS r', subject, old_side
        );
    ELSE
        source := format(
            'SELECT n.%1$I AS id, jsonb_build_object(''id'', n.%1$I, ''old'', apart.old, ''new'', apart.new) AS difference '
            'FROM old_rows AS o JOIN new_rows AS n ON %4$s '
            'CROSS JOIN LATERAL (SELECT to_jsonb(f) AS old FROM (SELECT %2$s) AS f OFFSET 0) AS former '
            'CROSS JOIN LATERAL (SELECT to_jsonb(p) AS new FROM (SELECT %3$s) AS p OFFSET 0) AS present '  -- 0: made once a row
            'CROSS JOIN LATERAL (SELECT jsonb_object_agg(key, former.old -> key) AS old, jsonb_object_agg(key, value) AS new '
            'FROM jsonb_each(present.new) WHERE value <> former.old -> key OR key = ANY (%6$L)) AS apart '
            'WHERE %5$s AND apart.new IS NOT NULL',
            subject, old_side, new_side, joined, CASE WHEN is_bulk THEN kept ELSE 'true' END, named
        );
    END IF;
    EXECUTE format(
        'INSERT INTO audit_change (transaction_id, table_name, action, records, record_count, is_restricted, differences) '
        'SELECT (SELECT audit_transaction_id()), $1, $2, int8range(min(id), max(id), ''[]''), count(*), $3, '
        'jsonb_agg(difference ORDER BY id) FROM (%s) AS told %s',
        CASE WHEN is_bulk THEN format(
            'SELECT id, difference, (row_number() OVER (ORDER BY id) - 1) / 1000 AS block FROM (%s) AS one', source
        ) ELSE source END,
        CASE WHEN is_bulk THEN 'GROUP BY block ORDER BY block' ELSE 'HAVING count(*) > 0' END
    )
    USING
        TG_TABLE_NAME::text,
        CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'DELETE' THEN 'removed' ELSE 'changed' END,
        TG_ARGV[3]::boolean;
    RETURN NULL;
END $$;

-- Audit a table from now on; migrations that make a table of facts call it.
CREATE FUNCTION audit_table(
    subject regclass, record text DEFAULT 'id', ignored text[] DEFAULT '{}', shown text[] DEFAULT '{}',
    is_restricted boolean DEFAULT false
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    body CONSTANT text := format(
        'FOR EACH STATEMENT EXECUTE FUNCTION audit_rows(%L, %L, %L, %L)', record, ignored, shown, is_restricted
    );
BEGIN
    EXECUTE format('CREATE TRIGGER audit_added AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows %s', subject, body);
    EXECUTE format(
        'CREATE TRIGGER audit_changed AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows %s',
        subject, body
    );
    EXECUTE format('CREATE TRIGGER audit_removed AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows %s', subject, body);
END $$;

-- At the commit of a transaction: one link, in the order of commits. The lock is taken when the content is summed up,
-- and ends with the commit that makes the link visible to the next.
CREATE FUNCTION audit_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    content bytea;
    told jsonb;
    place bigint;
    former text;
    moment timestamptz;
BEGIN
    content := sha256(
        sha256(convert_to(jsonb_build_array(
            NEW.id, NEW.xid, (extract(epoch FROM NEW.begun_at) * 1000000)::bigint, NEW.account_id, NEW.request_id,
            NEW.reason
        )::text, 'UTF8'))
        || coalesce((
            SELECT string_agg(sha256(convert_to(jsonb_build_array(
                id, transaction_id, table_name, action, lower(records), upper(records), record_count, is_restricted,
                differences
            )::text, 'UTF8')), '' ORDER BY id)
            FROM audit_change WHERE transaction_id = NEW.id
        ), '')
        || coalesce((
            SELECT string_agg(sha256(convert_to(jsonb_build_array(
                id, transaction_id, (extract(epoch FROM at) * 1000000)::bigint, tag, account_id, request_id, subject,
                details
            )::text, 'UTF8')), '' ORDER BY id)
            FROM audit_event WHERE transaction_id = NEW.id
        ), '')
    );
    SELECT coalesce(jsonb_object_agg(key, records), '{}') INTO told
    FROM (
        SELECT table_name || ':' || action AS key, sum(record_count) AS records
        FROM audit_change WHERE transaction_id = NEW.id GROUP BY 1
    ) AS counted;
    PERFORM pg_advisory_xact_lock(724010, 0);
    SELECT position, sha256 INTO place, former FROM audit_link ORDER BY position DESC LIMIT 1;
    place := coalesce(place, 0) + 1;
    moment := clock_timestamp();
    INSERT INTO audit_link (position, transaction_id, sealed_at, summary, sha256)
    VALUES (place, NEW.id, moment, told, encode(sha256(convert_to(jsonb_build_array(
        coalesce(former, ''), encode(content, 'hex'), place, NEW.id,
        (extract(epoch FROM moment) * 1000000)::bigint, told
    )::text, 'UTF8')), 'hex'));
    RETURN NULL;
END $$;
