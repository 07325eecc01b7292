-- As in 0006_seal.sql, but json instead of jsonb: every element is a scalar, and both write those alike.
CREATE OR REPLACE FUNCTION audit_step_payload(line public.audit_step) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_array(
        line.machine, line.thing_id, line.seq, line.step, line.from_state, line.to_state,
        line.actor_id, line.actor, line.role, line.unit_id, line.unit, line.authority_id, line.authority,
        line.request_id, line.about_id, line.about,
        CASE WHEN line.destroyed_by IS NULL
            THEN encode(sha256(convert_to(coalesce(line.salt::text, '') || line.reason || chr(10) || line.facts::text, 'UTF8')), 'hex')
            ELSE line.payload::jsonb ->> 16 END,
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$;
CREATE OR REPLACE FUNCTION audit_change_payload(line public.audit_change) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_array(
        'change', line.model, line.object_id, line.action,
        line.actor_id, line.actor, line.role, line.unit_id, line.unit, line.authority_id, line.authority,
        line.request_id, line.about_id, line.about, encode(line.digest, 'hex'),
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$;
CREATE OR REPLACE FUNCTION audit_reading_payload(line public.audit_reading) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_array(
        'reading', line.kind,
        line.actor_id, line.actor, line.role, line.unit_id, line.unit, line.authority_id, line.authority,
        line.request_id, line.about_id, line.about, encode(line.digest, 'hex'),
        to_char(line.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
$$;
