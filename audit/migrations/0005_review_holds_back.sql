DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_review', 'audit_reviewitem', 'audit_verdict', 'audit_signoff']
    LOOP
        EXECUTE format('DROP POLICY own_unit ON %I', name);
        EXECUTE format('DROP POLICY everything ON %I', name);
        EXECUTE format('DROP POLICY IF EXISTS of_own_unit ON %I', name);
        EXECUTE format('DROP POLICY IF EXISTS as_oneself ON %I', name);
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', name);
        EXECUTE format('DROP TRIGGER written_once ON %I', name);
        EXECUTE format('REVOKE ALL ON %I FROM fortur_app, fortur_auditor', name);
    END LOOP;
END $$;
DROP TRIGGER clock ON audit_review;
DROP FUNCTION audit_signoff_holds CASCADE;
DROP FUNCTION audit_verdict_holds CASCADE;
DROP FUNCTION audit_reviewitem_holds CASCADE;
DROP FUNCTION audit_review_open;
ALTER TABLE audit_signoff DROP CONSTRAINT of_reviews_unit;
ALTER TABLE audit_verdict DROP CONSTRAINT of_items_unit;
ALTER TABLE audit_reviewitem DROP CONSTRAINT of_reviews_unit, DROP CONSTRAINT item_of_unit;
ALTER TABLE audit_review DROP CONSTRAINT review_of_unit, DROP CONSTRAINT whole_month;
