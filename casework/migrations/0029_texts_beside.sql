-- --- texts about the case that other rows hold -----------------------------------------------------------------------

GRANT SELECT (id, reading_id) ON audit_reviewitem TO fortur_destroyer;
GRANT SELECT (id, item_id), UPDATE (note) ON audit_verdict TO fortur_destroyer;
GRANT SELECT (id, of, key), UPDATE (reason) ON access_decision TO fortur_destroyer;
CREATE POLICY destroyer_finds ON audit_reviewitem FOR SELECT TO fortur_destroyer USING (true);
ALTER POLICY own_unit ON audit_reviewitem TO fortur_app, fortur_owner, fortur_auditor, fortur_sealer;
ALTER POLICY own_unit ON audit_verdict TO fortur_app, fortur_owner, fortur_auditor, fortur_sealer;
ALTER POLICY own_unit ON access_decision TO fortur_app, fortur_owner, fortur_auditor, fortur_sealer;

-- Whether a grant or an exclusion is about what goes: the case, something that arrived in it, or its person.
CREATE FUNCTION access_is_about_destroyed(what text, id_ text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE what
        WHEN 'grant' THEN EXISTS (SELECT FROM public.access_grant g
            WHERE g.id::text = id_ AND public.may_be_emptied(g.thing_id, g.unit_id))
        WHEN 'exclusion' THEN EXISTS (SELECT FROM public.access_exclusion e
            WHERE e.id::text = id_ AND public.may_be_emptied(e.about_id, e.unit_id))
        ELSE false END
$$;
GRANT SELECT (unit_id) ON access_grant, access_exclusion TO fortur_destroyer;

DROP POLICY destroyer ON access_grant;
DROP POLICY destroyer_only ON access_grant;
DROP POLICY destroyer ON access_exclusion;
DROP POLICY destroyer_only ON access_exclusion;
DROP POLICY destroyer ON access_judgement;
DROP POLICY destroyer_only ON access_judgement;
CREATE POLICY destroyer_finds ON audit_verdict FOR SELECT TO fortur_destroyer USING (true);
CREATE POLICY destroyer_finds ON access_decision FOR SELECT TO fortur_destroyer USING (true);
DO $$
DECLARE name text; held text; empty text;
BEGIN
    FOR name, held, empty IN VALUES
        ('access_grant', 'may_be_emptied(thing_id, unit_id)', 'reason = ''–'' AND about = '''''),
        ('access_exclusion', 'may_be_emptied(about_id, unit_id)', 'reason = ''–'' AND about = '''''),
        ('access_judgement', 'access_is_about_destroyed(''grant'', grant_id::text)', 'note = ''–'''),
        ('access_decision', 'access_is_about_destroyed(of, key)', 'reason = ''–'''),
        ('audit_verdict', 'EXISTS (SELECT FROM audit_reviewitem i JOIN audit_reading r ON r.id = i.reading_id
            WHERE i.id = item_id AND may_be_emptied(r.about_id, r.unit_id))', 'note = ''–''')
    LOOP
        EXECUTE format('CREATE POLICY destroyer ON %I FOR UPDATE TO fortur_destroyer USING (%s) WITH CHECK (%s)', name, held, empty);
        EXECUTE format('CREATE POLICY destroyer_only ON %I AS RESTRICTIVE FOR UPDATE TO fortur_destroyer USING (%s) WITH CHECK (%s)',
            name, held, empty);
    END LOOP;
END $$;

-- --- notices ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION notices_kept_since() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT trail_now() - make_interval(days => r.length) FROM retention_rules_on(day_in_sweden()) r
    WHERE r.code = 'NOTISER' AND r.measure = 'days' AND NOT r.keep_forever
$$;
ALTER POLICY destroyer ON casework_notice USING (may_be_destroyed(case_id) OR made_at < (SELECT notices_kept_since()));
ALTER POLICY destroyer_only ON casework_notice USING (may_be_destroyed(case_id) OR made_at < (SELECT notices_kept_since()));

-- --- an emptied line and the list that it names ----------------------------------------------------------------------

GRANT SELECT (id, destruction_id, unit_id, case_id, person_id, ids) ON casework_destructionitem TO fortur_auditor;
CREATE POLICY everything ON casework_destructionitem FOR SELECT TO fortur_auditor USING (true);

-- Emptied by a decision that ran in the line's own unit, on whose list stands what the line is about.
CREATE FUNCTION audit_decided(decision uuid, about uuid, of_unit bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM public.audit_step s
            WHERE s.thing_id = decision AND s.machine = 'destruction' AND s.step = 'run' AND s.unit_id = of_unit)
        AND (EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision AND i.case_id = about)
            OR EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision
                AND (i.person_id = about OR i.ids ? ('casework_delivery:' || about))))
$$;
