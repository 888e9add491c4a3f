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
        INSERT INTO audit_transaction (xid, begun_at, account_id, account_name, request_id, reason)
        VALUES (
            pg_current_xact_id()::text::bigint,
            transaction_timestamp(),
            nullif(current_setting('app.account', true), '')::bigint,
            (SELECT name FROM account WHERE id = nullif(current_setting('app.account', true), '')::bigint),
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
-- The differences are put together as text: that takes a third of the time that building them as jsonb takes.
CREATE FUNCTION audit_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public SET timezone = 'UTC' AS $$
DECLARE
    subject CONSTANT text := TG_ARGV[0];
    ignored CONSTANT text[] := TG_ARGV[1]::text[] || subject;
    shown CONSTANT text[] := TG_ARGV[2]::text[];
    joined text;       -- o.a = n.a AND ...
    named text;        -- what names the record beside the subject, in every difference: '"register":"emis",'
    whole text;        -- every value of n (of o in a removal) that is not NULL
    former text;       -- values of o that n changed
    present text;      -- what n made of them
    source text;
    found integer;     -- 1001: more than a block
BEGIN
    IF TG_OP = 'INSERT' THEN
        found := count(*) FROM (SELECT FROM new_rows LIMIT 1001) AS first;
    ELSE
        found := count(*) FROM (SELECT FROM old_rows LIMIT 1001) AS first;
    END IF;
    IF found = 0 THEN RETURN NULL; END IF;
    SELECT
        string_agg(format('o.%1$I = n.%1$I', name), ' AND ') FILTER (WHERE is_key),
        coalesce(string_agg(format('%L || %s || '','' || ', label, replace(told, '?', 'n.' || quote_ident(name))), '')
            FILTER (WHERE is_key AND name <> subject), ''),
        string_agg(format(
            CASE WHEN is_shown THEN '%1$L || %2$s' ELSE 'CASE WHEN n.%3$I IS NOT NULL THEN %1$L || ''"***"'' END' END,
            label, replace(told, '?', 'n.' || quote_ident(name)), name
        ), ', ') FILTER (WHERE is_told),
        string_agg(format(
            'CASE WHEN o.%3$I IS DISTINCT FROM n.%3$I THEN %1$L || '
            || CASE WHEN is_shown THEN 'coalesce(%2$s, ''null'') END'
            ELSE 'CASE WHEN o.%3$I IS NULL THEN ''null'' ELSE ''"***"'' END END' END,
            label, replace(told, '?', 'o.' || quote_ident(name)), name
        ), ', ') FILTER (WHERE is_told),
        string_agg(format(
            'CASE WHEN o.%3$I IS DISTINCT FROM n.%3$I THEN %1$L || '
            || CASE WHEN is_shown THEN 'coalesce(%2$s, ''null'') END'
            ELSE 'CASE WHEN n.%3$I IS NULL THEN ''null'' ELSE ''"*** (new)"'' END END' END,
            label, replace(told, '?', 'n.' || quote_ident(name)), name
        ), ', ') FILTER (WHERE is_told)
    INTO joined, named, whole, former, present
    FROM (
        SELECT
            attname::text AS name,
            to_json(attname::text)::text || ':' AS label,
            coalesce(attnum = ANY (indkey), false) AS is_key,
            attname <> ALL (ignored) AS is_told,
            shown = '{}' OR attname = ANY (shown) AS is_shown,
            CASE
                WHEN typname <> 'geometry' THEN 'to_json(?)::text'
                WHEN postgis_typmod_type(atttypmod) = 'Point' THEN 'to_json(ST_AsText(?))::text'
                ELSE '''"sha256 '' || encode(sha256(ST_AsEWKB(?)), ''hex'') || ''"'''  -- the outline stays in its table
            END AS told
        FROM pg_attribute
        JOIN pg_type ON pg_type.oid = atttypid
        LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
        WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        ORDER BY attnum
    ) AS part;
    IF TG_OP = 'UPDATE' THEN
        source := format(
            'SELECT n.%1$I AS id, ''{"id":'' || n.%1$I || '',"old":{'' || %2$s former || ''},"new":{'' || %2$s present || ''}}'' '
            'AS difference FROM old_rows AS o JOIN new_rows AS n ON %3$s '
            'CROSS JOIN LATERAL (SELECT concat_ws('','', %4$s) AS former, concat_ws('','', %5$s) AS present OFFSET 0) AS apart '
            'WHERE former <> ''''', subject, named, joined, former, present
        );
    ELSE
        source := format(
            'SELECT n.%1$I AS id, ''{"id":'' || n.%1$I || '',%2$s:{'' || concat_ws('','', %3$s) || ''}}'' AS difference '
            'FROM %4$s AS n',
            subject, CASE TG_OP WHEN 'INSERT' THEN '"new"' ELSE '"old"' END, whole,
            CASE TG_OP WHEN 'INSERT' THEN 'new_rows' ELSE 'old_rows' END
        );
    END IF;
    IF found > 1000 THEN
        source := format(
            'SELECT id, difference, (row_number() OVER (ORDER BY id) - 1) / 1000 AS block FROM (%s) AS one', source
        );
    END IF;
    EXECUTE format(
        'INSERT INTO audit_change (transaction_id, table_name, action, records, record_count, is_restricted, differences) '
        'SELECT (SELECT audit_transaction_id()), $1, $2, int8range(min(id), max(id), ''[]''), count(*), $3, '
        '(''['' || string_agg(difference, '','' ORDER BY id) || '']'')::json FROM (%s) AS told %s',
        source, CASE WHEN found > 1000 THEN 'GROUP BY block ORDER BY block' ELSE 'HAVING count(*) > 0' END
    )
    USING
        TG_TABLE_NAME::text,
        CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'DELETE' THEN 'removed' ELSE 'changed' END,
        TG_ARGV[3]::boolean;
    RETURN NULL;
END $$;

-- The changes of one record, by the index on ranges: row security alone would read every change for each question.
CREATE FUNCTION audit_changes_of(wanted text, record bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT change.id
    FROM audit_change AS change
    WHERE change.records @> record AND change.table_name = wanted
        AND (app_everywhere('audit') OR (jsonb_exists(app_rights(), 'system') AND session_user = 'mektep_worker'))
        AND (change.record_count = 1 OR EXISTS (
            SELECT FROM json_array_elements(change.differences) AS told WHERE (told ->> 'id')::bigint = record
        ))
$$;

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
            NEW.id, NEW.xid, (extract(epoch FROM NEW.begun_at) * 1000000)::bigint, NEW.account_id, NEW.account_name,
            NEW.request_id, NEW.reason
        )::text, 'UTF8'))
        || coalesce((
            SELECT string_agg(sha256(convert_to(jsonb_build_array(
                id, transaction_id, table_name, action, lower(records), upper(records), record_count, is_restricted
            )::text || differences::text, 'UTF8')), '' ORDER BY id)
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
