-- What the destroyer writes about a case of a list: that it is gone, when it is; or once, why it stays.
CREATE FUNCTION destruction_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.left_why <> '' OR (NEW.done_at, NEW.rows, NEW.ids) IS DISTINCT FROM (OLD.done_at, OLD.rows, OLD.ids)
            AND (NEW.done_at IS NULL OR NEW.left_why <> '' OR NEW.lawful_tx IS DISTINCT FROM txid_current()
                OR NOT NEW.ids ? ('casework_case:' || NEW.case_id)
                OR EXISTS (SELECT FROM public.casework_case c WHERE c.id = NEW.case_id)) THEN
        RAISE EXCEPTION 'a case that is there is not done' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER noted BEFORE UPDATE ON casework_destructionitem FOR EACH ROW
    WHEN (current_user = 'fortur_destroyer') EXECUTE FUNCTION destruction_noted();

-- A line is emptied in the transaction in which goes what it is about. Looked at when that ends, or earlier if asked to.
CREATE FUNCTION audit_emptied_with_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.casework_case c WHERE c.id = NEW.about_id)
        OR EXISTS (SELECT FROM public.casework_delivery a WHERE a.id = NEW.about_id)
        OR EXISTS (SELECT FROM public.casework_person p WHERE p.id = NEW.about_id) THEN
        RAISE EXCEPTION 'a line is emptied with what it is about' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER with_it AFTER UPDATE ON audit_step DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_emptied_with_it();
CREATE CONSTRAINT TRIGGER with_it AFTER UPDATE ON audit_change DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_emptied_with_it();
CREATE CONSTRAINT TRIGGER with_it AFTER UPDATE ON audit_reading DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_emptied_with_it();

-- As in 0029, and what the line is about is among the rows that the list says it took.
GRANT SELECT (done_at) ON casework_destructionitem TO fortur_auditor;
CREATE OR REPLACE FUNCTION audit_decided(decision uuid, about uuid, of_unit bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM public.audit_step s
            WHERE s.thing_id = decision AND s.machine = 'destruction' AND s.step = 'run' AND s.unit_id = of_unit)
        AND (EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision AND i.case_id = about
                AND i.done_at IS NOT NULL AND i.ids ? ('casework_case:' || about))
            OR EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision AND i.done_at IS NOT NULL
                AND i.ids ?| ARRAY['casework_person:' || about, 'casework_delivery:' || about]))
$$;

-- The line that ends a destruction holds a digest of those rows; it is sealed, the list isn't.
CREATE FUNCTION audit_list_as_ended(decision uuid, said text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT said = encode(sha256(convert_to(coalesce(string_agg(k.key || chr(10), '' ORDER BY k.key COLLATE "C"), ''), 'UTF8')), 'hex')
    FROM public.casework_destructionitem i, jsonb_array_elements_text(i.ids) k (key)
    WHERE i.destruction_id = decision AND i.done_at IS NOT NULL
$$;
