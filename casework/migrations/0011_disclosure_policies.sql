-- A disclosure is seen with its case. A delivery is its unit's own; a restricted one is seen by those named, and
-- by whoever brought it (she acts there for that one moment, and has written it herself); one that was taken into
-- a case is hidden with the case.
GRANT SELECT, INSERT, UPDATE ON casework_disclosure, casework_delivery TO fortur_app;
GRANT SELECT, INSERT, DELETE ON casework_deliveryaccess TO fortur_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO fortur_app;

ALTER TABLE casework_disclosure ADD CONSTRAINT case_of_own_unit
    FOREIGN KEY (case_id, unit_id) REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_delivery ADD CONSTRAINT case_of_own_unit
    FOREIGN KEY (case_id, unit_id) REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE casework_disclosure ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE casework_delivery ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE casework_deliveryaccess ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_unit ON casework_disclosure USING (
    unit_id = (SELECT acting_unit()) AND EXISTS (SELECT FROM casework_case c WHERE c.id = case_id))
    WITH CHECK (unit_id = (SELECT acting_unit()));
CREATE POLICY own_unit ON casework_delivery USING (
    unit_id = (SELECT acting_unit())
    AND (NOT restricted OR named_for(id) OR brought_by = (SELECT acting_user()))
    AND (case_id IS NULL OR EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)))
    WITH CHECK (unit_id = (SELECT acting_unit()));
CREATE POLICY own_unit ON casework_deliveryaccess USING (
    EXISTS (SELECT FROM access_grant g
            WHERE g.thing_id = content_object_id AND g.user_id = casework_deliveryaccess.user_id));

-- What was sent is held to its hash, and somebody decided it.
ALTER TABLE casework_disclosure
    ADD CONSTRAINT sent_is_whole CHECK ((state = 'sent') = (content IS NOT NULL)
        AND (state = 'sent') = (content_hash ~ '^[0-9a-f]{64}$') AND (state = 'sent' OR content_hash = '')),
    ADD CONSTRAINT somebody_decided CHECK (state = 'draft' OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL));
ALTER TABLE casework_delivery
    ADD CONSTRAINT arrived_whole CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    ADD CONSTRAINT somebody_handled CHECK (state = 'received' OR (handled_by_id IS NOT NULL AND handled_at IS NOT NULL)),
    ADD CONSTRAINT taken_into_a_case CHECK ((state = 'accepted') = (case_id IS NOT NULL));

-- Nothing of a disclosure changes once it has left draft, and nothing of a delivery beside how it was handled, once.
-- The owner may write the same text anew with another key.
CREATE FUNCTION disclosed_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving text[] := TG_ARGV[0]::text[]; kept jsonb := to_jsonb(OLD) - 'machine'; now jsonb := to_jsonb(NEW) - 'machine';
BEGIN
    IF current_user = (SELECT pg_get_userbyid(relowner) FROM pg_catalog.pg_class WHERE oid = TG_RELID) THEN
        moving := moving || 'content'::text;
    END IF;
    IF kept - moving <> now - moving THEN
        RAISE EXCEPTION 'what was sent stays as it was sent' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stays BEFORE UPDATE ON casework_disclosure FOR EACH ROW
    WHEN (OLD.unit_id <> NEW.unit_id OR OLD.case_id <> NEW.case_id) EXECUTE FUNCTION stays_where_it_is();
CREATE TRIGGER for_good BEFORE UPDATE ON casework_disclosure FOR EACH ROW
    WHEN (OLD.state <> 'draft') EXECUTE FUNCTION disclosed_for_good('{}');
CREATE TRIGGER as_it_arrived BEFORE UPDATE ON casework_delivery FOR EACH ROW
    WHEN (OLD.state = 'received')
    EXECUTE FUNCTION disclosed_for_good('{state,version,case_id,handled_by_id,handled_at,returned_why}');
CREATE TRIGGER for_good BEFORE UPDATE ON casework_delivery FOR EACH ROW
    WHEN (OLD.state <> 'received') EXECUTE FUNCTION disclosed_for_good('{}');

ALTER TABLE casework_disclosure ADD COLUMN machine text GENERATED ALWAYS AS ('disclosure') STORED;
ALTER TABLE casework_delivery ADD COLUMN machine text GENERATED ALWAYS AS ('delivery') STORED;
SELECT make_stateful('casework_disclosure', 'disclosure');
SELECT make_stateful('casework_delivery', 'delivery');
