DROP FUNCTION destruction_figures();
ALTER POLICY destroyer ON casework_case USING (may_be_destroyed(id));
ALTER POLICY destroyer_only ON casework_case USING (may_be_destroyed(id));
CREATE OR REPLACE FUNCTION may_be_destroyed(what uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM public.casework_destructionitem i
        JOIN public.casework_destruction d ON d.id = i.destruction_id
        JOIN public.casework_case c ON c.id = i.case_id
        WHERE i.case_id = what AND i.struck = '' AND i.left_why = '' AND i.done_at IS NULL
            AND d.state = 'running' AND d.approved_by_id <> d.reviewed_by_id
            AND i.earliest <= public.day_in_sweden()
            AND c.unit_id = i.unit_id AND NOT c.is_open AND c.version = i.case_version
    ) AND NOT EXISTS (
        SELECT FROM public.casework_hold h
        WHERE h.case_id = what AND h.lifted_at IS NULL AND (h.until IS NULL OR h.until >= public.day_in_sweden()))
$$;
CREATE OR REPLACE FUNCTION person_may_go(what uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM public.casework_case c WHERE c.person_id = what) AND EXISTS (
        SELECT FROM public.casework_destructionitem i JOIN public.casework_destruction d ON d.id = i.destruction_id
        WHERE i.person_id = what AND i.struck = '' AND i.left_why = '' AND i.done_at IS NULL AND d.state = 'running')
$$;
DROP TRIGGER asked ON casework_destructionitem;
DROP FUNCTION destruction_asked();
DROP FUNCTION law_lets_go(uuid);
DROP FUNCTION retention_due(bigint, uuid);
DROP FUNCTION retention_windows(bigint, uuid);
DROP FUNCTION retention_rules_on(date);
DROP FUNCTION retention_years_on(date, integer);
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'counted'
    LOOP
        EXECUTE format('DROP POLICY counted ON %I', one.tablename);
    END LOOP;
END $$;
