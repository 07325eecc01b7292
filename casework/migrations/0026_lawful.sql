-- --- the law, as the rows of retention say it (casework/retention.py says the same) ----------------------------------

-- The same day so many years on; 1 March for a 29 February that the year doesn't have.
CREATE FUNCTION retention_years_on(day date, years integer) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (day + make_interval(years => years))::date
        + CASE WHEN extract(day FROM day) <> extract(day FROM day + make_interval(years => years)) THEN 1 ELSE 0 END
$$;

-- The rules in force on a day; before its first day, a rule's first version.
CREATE FUNCTION retention_rules_on(day date) RETURNS SETOF casework_retentionrule LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (r.code) r.* FROM public.casework_retentionrule r
    ORDER BY r.code, r.valid_from <= day DESC, CASE WHEN r.valid_from <= day THEN r.valid_from END DESC, r.valid_from
$$;

-- What a case's time depends on is seen by the tables' owner, and only while a function below counts.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['casework_case', 'casework_person', 'casework_policeinvestigation',
        'casework_socialinvestigation', 'casework_hold', 'audit_step']
    LOOP
        EXECUTE format('CREATE POLICY counted ON %I FOR SELECT TO CURRENT_USER USING (current_setting(''fortur.counting'', true) = ''yes''
            AND (pg_trigger_depth() = 0 OR session_user = ''fortur_destroyer''))', name);
    END LOOP;
END $$;

-- The time of every case of a unit (about one person): from which day it may be destroyed and by which it must be gone.
-- Both null: it is open, or kept for ever.
CREATE FUNCTION retention_windows(unit bigint, person uuid DEFAULT NULL)
    RETURNS TABLE (case_id uuid, person_id uuid, side text, restricted boolean, earliest date, latest date)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE before text := coalesce(current_setting('fortur.counting', true), '');
BEGIN
    PERFORM set_config('fortur.counting', 'yes', true);
    RETURN QUERY
    WITH found AS (
        SELECT c.id, c.person_id, a.kind::text AS side, c.restricted, p.birth_date, NOT c.is_open AS over,
            (c.closed_at AT TIME ZONE 'Europe/Stockholm')::date AS closed,
            (coalesce(c.closed_at, c.opened_at) AT TIME ZONE 'Europe/Stockholm')::date AS ended,
            (coalesce((SELECT max(s.at) FROM audit_step s WHERE s.about_id = c.id AND s.step NOT IN ('hold', 'lift_hold')),
                c.closed_at, c.opened_at) AT TIME ZONE 'Europe/Stockholm')::date AS written
        FROM casework_case c JOIN casework_person p ON p.id = c.person_id
        JOIN access_unit u ON u.id = c.unit_id JOIN access_authority a ON a.id = u.authority_id
        WHERE c.unit_id = unit AND (person IS NULL OR c.person_id = person)
    ), falls (id, code, start) AS (
        SELECT f.id, CASE WHEN EXISTS (SELECT FROM casework_socialinvestigation i WHERE i.case_id = f.id AND i.opened_on IS NOT NULL)
            THEN 'SOL_UTREDNING' ELSE 'SOL_UTAN_UTREDNING' END, f.written
        FROM found f WHERE f.side = 'social'
        UNION ALL
        SELECT f.id, 'SOL_EJ_INLEDD', coalesce(i.not_opened_on, (i.received_at AT TIME ZONE 'Europe/Stockholm')::date)
        FROM found f JOIN casework_socialinvestigation i ON i.case_id = f.id
        WHERE f.side = 'social' AND i.opened_on IS NULL AND i.state = 'not_opened'
        UNION ALL
        SELECT f.id, CASE WHEN i.decision = 'prosecution' THEN 'PBDL_ATAL' ELSE 'PBDL_NEDLAGD' END,
            coalesce(i.decided_on, i.ended_on, f.ended)
        FROM found f JOIN casework_policeinvestigation i ON i.case_id = f.id WHERE f.side = 'police'
        UNION ALL
        SELECT f.id, 'PBDL_EJ_DELAD', f.closed FROM found f
        WHERE f.side = 'police' AND NOT EXISTS (SELECT FROM casework_policeinvestigation i WHERE i.case_id = f.id)
    ), ends AS (
        SELECT w.id, r.code, r.keep_forever, r.lead_days, r.until_next_year_end, GREATEST(
            CASE WHEN r.measure = 'years' THEN retention_years_on(s.start, r.length) ELSE s.start + r.length END,
            CASE WHEN r.never_before_age > 0 THEN retention_years_on(f.birth_date, r.never_before_age) END) AS day
        FROM falls w JOIN found f ON f.id = w.id JOIN retention_rules_on(day_in_sweden()) r ON r.code = w.code,
            LATERAL (SELECT CASE WHEN r.from_year_end THEN make_date(extract(year FROM w.start)::int, 12, 31) ELSE w.start END) s (start)
    ), longest AS (
        SELECT DISTINCT ON (e.id) e.id, e.keep_forever, e.day - e.lead_days AS earliest, l.latest
        FROM ends e, LATERAL (SELECT CASE WHEN e.until_next_year_end THEN make_date(extract(year FROM e.day)::int + 1, 12, 31)
            ELSE e.day END) l (latest)
        ORDER BY e.id, e.keep_forever DESC, e.day - e.lead_days DESC, l.latest DESC, e.code DESC
    )
    SELECT f.id, f.person_id, f.side, f.restricted,
        CASE WHEN f.over AND f.closed IS NOT NULL AND NOT l.keep_forever THEN l.earliest END,
        CASE WHEN f.over AND f.closed IS NOT NULL AND NOT l.keep_forever THEN l.latest END
    FROM found f LEFT JOIN longest l ON l.id = f.id;
    PERFORM set_config('fortur.counting', before, true);
END $$;
REVOKE ALL ON FUNCTION retention_windows(bigint, uuid) FROM PUBLIC;

-- The cases of a unit that may go today, by the law alone. Social services: all that the unit holds about the person.
CREATE FUNCTION retention_due(unit bigint, person uuid DEFAULT NULL) RETURNS TABLE (case_id uuid, restricted boolean, latest date)
    LANGUAGE sql STABLE AS $$
    WITH every AS MATERIALIZED (
        SELECT w.*, coalesce(w.earliest <= public.day_in_sweden(), false) AS may FROM public.retention_windows(unit, person) w)
    SELECT e.case_id, e.restricted, e.latest FROM every e
    WHERE e.may AND (e.side <> 'social' OR NOT EXISTS (SELECT FROM every o WHERE o.person_id = e.person_id AND NOT o.may))
$$;

-- --- what the destroyer must ask first -------------------------------------------------------------------------------

CREATE FUNCTION law_lets_go(what uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE unit bigint; person uuid; before text := coalesce(current_setting('fortur.counting', true), '');
BEGIN
    PERFORM set_config('fortur.counting', 'yes', true);
    SELECT c.unit_id, c.person_id INTO unit, person FROM casework_case c WHERE c.id = what;
    PERFORM set_config('fortur.counting', before, true);
    RETURN EXISTS (SELECT FROM retention_due(unit, person) d WHERE d.case_id = what);
END $$;
REVOKE ALL ON FUNCTION law_lets_go(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION law_lets_go(uuid) TO fortur_destroyer;

-- The answer holds for the transaction that asked: afterwards the case's parts go, and it couldn't be given again.
CREATE FUNCTION destruction_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.lawful_tx := NULL;
    IF current_user = 'fortur_destroyer' THEN
        NEW.lawful_tx := CASE WHEN public.law_lets_go(NEW.case_id) THEN txid_current() END;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER asked BEFORE INSERT OR UPDATE OF lawful_tx ON casework_destructionitem
    FOR EACH ROW EXECUTE FUNCTION destruction_asked();
GRANT SELECT (lawful_tx), UPDATE (lawful_tx) ON casework_destructionitem TO fortur_destroyer;

CREATE OR REPLACE FUNCTION may_be_destroyed(what uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM public.casework_destructionitem i
        JOIN public.casework_destruction d ON d.id = i.destruction_id
        JOIN public.casework_case c ON c.id = i.case_id
        WHERE i.case_id = what AND i.struck = '' AND i.left_why = '' AND i.done_at IS NULL AND i.lawful_tx = txid_current()
            AND d.state = 'running' AND d.approved_by_id <> d.reviewed_by_id
            AND i.earliest <= public.day_in_sweden()
            AND c.unit_id = i.unit_id AND c.person_id = i.person_id AND NOT c.is_open AND c.version = i.case_version
    ) AND NOT EXISTS (
        SELECT FROM public.casework_hold h
        WHERE h.case_id = what AND h.lifted_at IS NULL AND (h.until IS NULL OR h.until >= public.day_in_sweden()))
$$;
CREATE OR REPLACE FUNCTION person_may_go(what uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM public.casework_case c WHERE c.person_id = what) AND EXISTS (
        SELECT FROM public.casework_destructionitem i JOIN public.casework_destruction d ON d.id = i.destruction_id
        WHERE i.person_id = what AND i.struck = '' AND i.left_why = '' AND i.done_at IS NULL AND i.lawful_tx = txid_current()
            AND d.state = 'running')
$$;
-- A case that somebody reopens while it waits for its lock: the row as it is by then is asked, too.
ALTER POLICY destroyer ON casework_case USING (may_be_destroyed(id) AND NOT is_open);
ALTER POLICY destroyer_only ON casework_case USING (may_be_destroyed(id) AND NOT is_open);

-- --- how many are late, for whoever must see to it -------------------------------------------------------------------

-- Of her own unit; for a data protection officer of each unit of the authority. Figures only.
-- hidden: restricted cases that are due, that she isn't named for and that stand on no list;
-- overdue: closed cases that the law wanted gone before today, but for those that are kept by a hold;
-- kept_back: cases that were approved, that a run left and that stand on no list since.
CREATE FUNCTION destruction_figures() RETURNS TABLE (unit_id bigint, hidden bigint, overdue bigint, kept_back bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE before text := coalesce(current_setting('fortur.counting', true), '');
BEGIN
    PERFORM set_config('fortur.counting', 'yes', true);
    RETURN QUERY
    WITH units AS (
        SELECT u.id FROM access_unit u WHERE u.id = acting_unit() OR u.authority_id = trail_authority()
    ), listed AS (
        SELECT i.case_id FROM casework_destructionitem i JOIN casework_destruction d ON d.id = i.destruction_id
        WHERE i.struck = '' AND i.done_at IS NULL AND d.state IN ('proposed', 'reviewed', 'approved', 'running')
    ), due AS (
        SELECT u.id AS unit_id, r.* FROM units u, LATERAL retention_due(u.id) r
        WHERE NOT EXISTS (SELECT FROM casework_hold h WHERE h.case_id = r.case_id AND h.lifted_at IS NULL
            AND (h.until IS NULL OR h.until >= day_in_sweden()))
    )
    SELECT u.id,
        (SELECT count(*) FROM due WHERE due.unit_id = u.id AND due.restricted AND NOT named_for(due.case_id)
            AND due.case_id NOT IN (SELECT case_id FROM listed)),
        (SELECT count(*) FROM due WHERE due.unit_id = u.id AND due.latest < day_in_sweden()),
        (SELECT count(DISTINCT i.case_id) FROM casework_destructionitem i JOIN casework_case c ON c.id = i.case_id
            WHERE i.unit_id = u.id AND i.left_why <> '' AND NOT c.is_open AND i.case_id NOT IN (SELECT case_id FROM listed))
    FROM units u ORDER BY u.id;
    PERFORM set_config('fortur.counting', before, true);
END $$;
REVOKE ALL ON FUNCTION destruction_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION destruction_figures() TO fortur_app;
