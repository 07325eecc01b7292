DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT policyname, tablename FROM pg_policies
        WHERE schemaname = 'public' AND policyname IN ('destroyer', 'destroyer_finds', 'destroyer_only')
    LOOP
        EXECUTE format('DROP POLICY %I ON %I', one.policyname, one.tablename);
    END LOOP;
END $$;
DROP TRIGGER emptied ON audit_step;
DROP TRIGGER emptied ON audit_change;
DROP TRIGGER emptied ON audit_reading;
DROP FUNCTION audit_emptied();
DROP FUNCTION may_be_emptied(uuid, bigint);
DROP FUNCTION person_may_go(uuid);
DROP FUNCTION may_be_destroyed(uuid);
DROP TRIGGER listed ON casework_destructionitem;
DROP TRIGGER signed ON casework_destruction;
DROP FUNCTION destruction_listed();
DROP FUNCTION destruction_signed();
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM fortur_destroyer;
DELETE FROM audit_edge WHERE machine = 'destruction';
DELETE FROM audit_machine WHERE name = 'destruction';
