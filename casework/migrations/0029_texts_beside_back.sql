DROP FUNCTION audit_decided(uuid, uuid, bigint);
DROP POLICY everything ON casework_destructionitem;
REVOKE SELECT (id, destruction_id, unit_id, case_id, person_id, ids) ON casework_destructionitem FROM fortur_auditor;
ALTER POLICY destroyer ON casework_notice USING (may_be_destroyed(case_id));
ALTER POLICY destroyer_only ON casework_notice USING (may_be_destroyed(case_id));
DROP FUNCTION notices_kept_since();
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public' AND policyname LIKE 'destroyer%'
        AND tablename IN ('access_grant', 'access_exclusion', 'access_judgement', 'access_decision', 'audit_verdict', 'audit_reviewitem')
    LOOP
        EXECUTE format('DROP POLICY %I ON %I', one.policyname, one.tablename);
    END LOOP;
END $$;
DROP FUNCTION access_is_about_destroyed(text, text);
REVOKE ALL ON access_decision, audit_verdict, audit_reviewitem FROM fortur_destroyer;
REVOKE SELECT (unit_id) ON access_grant, access_exclusion FROM fortur_destroyer;
DO $$
DECLARE name text; held text;
BEGIN
    FOR name, held IN VALUES
        ('access_grant', 'may_be_destroyed(thing_id)
            OR EXISTS (SELECT FROM casework_delivery a WHERE a.id = thing_id AND may_be_destroyed(a.case_id))'),
        ('access_exclusion', 'may_be_destroyed(about_id)'),
        ('access_judgement', 'EXISTS (SELECT FROM access_grant g WHERE g.id = grant_id AND may_be_destroyed(g.thing_id))')
    LOOP
        EXECUTE format('CREATE POLICY destroyer_finds ON %I FOR SELECT TO fortur_destroyer USING (true)', name);
        EXECUTE format('CREATE POLICY destroyer ON %I FOR UPDATE TO fortur_destroyer USING (%s) WITH CHECK (true)', name, held);
        EXECUTE format('CREATE POLICY destroyer_only ON %I AS RESTRICTIVE FOR UPDATE TO fortur_destroyer USING (%s)
            WITH CHECK (true)', name, held);
    END LOOP;
END $$;
