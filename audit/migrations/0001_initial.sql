-- Who asks, as access.session tells it per transaction. '' is nobody, and so is a setting never made.
CREATE FUNCTION acting_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT NULLIF(current_setting('fortur.user_id', true), '')::uuid $$;
CREATE FUNCTION acting_unit() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT NULLIF(current_setting('fortur.unit_id', true), '')::bigint $$;
CREATE FUNCTION acting_authority() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT NULLIF(current_setting('fortur.authority_id', true), '')::bigint $$;
-- Set for auditors only: whose whole trail they read.
CREATE FUNCTION trail_authority() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT NULLIF(current_setting('fortur.trail_authority', true), '')::bigint $$;

-- The trail's clock. Only who logs in as a member of fortur_clock (the demo's loader) sets it.
CREATE FUNCTION trail_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT CASE
        WHEN coalesce(current_setting('fortur.clock', true), '') = '' THEN clock_timestamp()
        WHEN pg_has_role(session_user, 'fortur_clock', 'MEMBER') THEN current_setting('fortur.clock')::timestamptz
        ELSE clock_timestamp()
    END
$$;
