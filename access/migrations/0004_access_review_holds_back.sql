DROP POLICY auditor_reads ON access_grant;
REVOKE ALL ON access_rolerequest, access_decision, access_accesssignoff FROM fortur_app;
DROP FUNCTION access_done_once CASCADE;
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['access_decision', 'access_accesssignoff']
    LOOP
        EXECUTE format('DROP POLICY own_unit ON %I', name);
        EXECUTE format('DROP POLICY as_oneself ON %I', name);
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', name);
        EXECUTE format('DROP TRIGGER written_once ON %I', name);
    END LOOP;
END $$;
DROP FUNCTION access_half_open CASCADE;
ALTER TABLE access_accesssignoff DROP CONSTRAINT unit_authority;
ALTER TABLE access_decision DROP CONSTRAINT unit_authority, DROP CONSTRAINT own_authority;
