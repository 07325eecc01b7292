-- Before which instant what a rule is about may go; null: it stays.
CREATE FUNCTION kept_since(rule text) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT trail_now() - CASE r.measure WHEN 'years' THEN make_interval(years => r.length) WHEN 'days' THEN make_interval(days => r.length) END
    FROM retention_rules_on(day_in_sweden()) r WHERE r.code = rule AND NOT r.keep_forever
$$;

-- A delivery of no case, sent back or left, whose time is over. Its days are seen by the tables' owner, while this counts.
CREATE POLICY counted ON casework_delivery FOR SELECT TO CURRENT_USER USING (current_setting('fortur.counting', true) = 'yes'
    AND (pg_trigger_depth() = 0 OR session_user = 'fortur_destroyer'));
CREATE FUNCTION letter_is_over(what uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found boolean; before text := coalesce(current_setting('fortur.counting', true), '');
BEGIN
    PERFORM set_config('fortur.counting', 'yes', true);
    found := EXISTS (SELECT FROM casework_delivery a WHERE a.id = what AND a.case_id IS NULL
        AND (a.state = 'returned' AND a.handled_at < kept_since('SANT_TILLBAKA')
            OR a.state = 'received' AND a.arrived_at < kept_since('EJ_INTAGET')));
    PERFORM set_config('fortur.counting', before, true);
    RETURN found;
END $$;
REVOKE ALL ON FUNCTION letter_is_over(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION letter_is_over(uuid) TO fortur_destroyer;
CREATE OR REPLACE FUNCTION access_is_about_destroyed(what text, id_ text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE what
        WHEN 'grant' THEN EXISTS (SELECT FROM public.access_grant g
            WHERE g.id::text = id_ AND (public.may_be_emptied(g.thing_id, g.unit_id) OR public.letter_is_over(g.thing_id)))
        WHEN 'exclusion' THEN EXISTS (SELECT FROM public.access_exclusion e
            WHERE e.id::text = id_ AND public.may_be_emptied(e.about_id, e.unit_id))
        ELSE false END
$$;

DO $$
DECLARE name text; held text;
BEGIN
    FOR name, held IN VALUES
        -- The row itself, as it is by then: somebody may take it in while its lock is waited for.
        ('casework_delivery', 'may_be_destroyed(case_id) OR case_id IS NULL
            AND (state = ''returned'' AND handled_at < (SELECT kept_since(''SANT_TILLBAKA''))
                OR state = ''received'' AND arrived_at < (SELECT kept_since(''EJ_INTAGET'')))'),
        ('casework_deliveryaccess', 'letter_is_over(content_object_id)
            OR EXISTS (SELECT FROM casework_delivery a WHERE a.id = content_object_id AND may_be_destroyed(a.case_id))'),
        ('access_grant', 'may_be_emptied(thing_id, unit_id) OR letter_is_over(thing_id)'),
        ('audit_verdict', 'EXISTS (SELECT FROM audit_reviewitem i JOIN audit_reading r ON r.id = i.reading_id
            WHERE i.id = item_id AND (may_be_emptied(r.about_id, r.unit_id) OR letter_is_over(r.about_id)))')
    LOOP
        EXECUTE format('ALTER POLICY destroyer ON %I USING (%s)', name, held);
        EXECUTE format('ALTER POLICY destroyer_only ON %I USING (%s)', name, held);
    END LOOP;
END $$;
