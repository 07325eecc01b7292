-- The proposal lives by the trail, and belongs to one unit and its authority.
ALTER TABLE casework_destruction ADD COLUMN machine text GENERATED ALWAYS AS ('destruction') STORED;
SELECT make_stateful('casework_destruction', 'destruction');
ALTER TABLE casework_destruction ADD CONSTRAINT destruction_unit UNIQUE (id, unit_id),
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id);
ALTER TABLE casework_destructionitem
    ADD CONSTRAINT own_unit FOREIGN KEY (destruction_id, unit_id) REFERENCES casework_destruction (id, unit_id),
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id);
ALTER TABLE casework_certificate
    ADD CONSTRAINT own_unit FOREIGN KEY (destruction_id, unit_id) REFERENCES casework_destruction (id, unit_id),
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['casework_destruction', 'casework_destructionitem', 'casework_certificate']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_unit ON %I FOR SELECT
            USING (unit_id = (SELECT acting_unit()) OR authority_id = (SELECT trail_authority()))', name);
        EXECUTE format('CREATE POLICY made ON %I FOR INSERT TO fortur_app WITH CHECK (unit_id = (SELECT acting_unit()))', name);
    END LOOP;
END $$;
CREATE POLICY moved ON casework_destruction FOR UPDATE TO fortur_app USING (unit_id = (SELECT acting_unit()));
CREATE POLICY moved ON casework_destructionitem FOR UPDATE TO fortur_app USING (unit_id = (SELECT acting_unit()));
GRANT SELECT, INSERT, UPDATE ON casework_destruction TO fortur_app;
GRANT SELECT, INSERT, UPDATE (struck) ON casework_destructionitem TO fortur_app;
GRANT SELECT, INSERT ON casework_certificate TO fortur_app;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON casework_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

-- Each reviewer signs as herself, once.
CREATE FUNCTION destruction_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reviewed_by_id IS DISTINCT FROM OLD.reviewed_by_id
            AND (OLD.reviewed_by_id IS NOT NULL OR NEW.state <> 'reviewed' OR NEW.reviewed_by_id IS DISTINCT FROM public.acting_user())
        OR NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id
            AND (OLD.approved_by_id IS NOT NULL OR NEW.state <> 'approved' OR NEW.approved_by_id IS DISTINCT FROM public.acting_user()) THEN
        RAISE EXCEPTION 'a review is signed once, by whoever acts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signed BEFORE UPDATE ON casework_destruction FOR EACH ROW EXECUTE FUNCTION destruction_signed();

-- The list is open until its first review; what was struck stays struck.
CREATE FUNCTION destruction_listed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'fortur_destroyer' THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM public.casework_destruction d WHERE d.id = NEW.destruction_id AND d.state = 'proposed')
        OR NEW.done_at IS NOT NULL OR TG_OP = 'UPDATE' AND OLD.struck <> '' THEN
        RAISE EXCEPTION 'the list is closed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER listed BEFORE INSERT OR UPDATE ON casework_destructionitem FOR EACH ROW EXECUTE FUNCTION destruction_listed();

-- --- the destroyer ---------------------------------------------------------------------------------------------------

-- It reads ids, everywhere; a policy of its own, for it acts in no unit.
GRANT USAGE ON SCHEMA public TO fortur_destroyer;
GRANT SELECT (id, state, reviewed_by_id, approved_by_id) ON casework_destruction TO fortur_destroyer;
GRANT SELECT (id, destruction_id, unit_id, case_id, person_id, case_version, struck, earliest, left_why, done_at)
    ON casework_destructionitem TO fortur_destroyer;
GRANT UPDATE (left_why, done_at, rows, ids) ON casework_destructionitem TO fortur_destroyer;
GRANT SELECT (id, case_id, until, lifted_at), DELETE ON casework_hold TO fortur_destroyer;
GRANT SELECT (id, unit_id, person_id, is_open, version), DELETE ON casework_case TO fortur_destroyer;
GRANT SELECT (id, unit_id), DELETE ON casework_person TO fortur_destroyer;
GRANT SELECT (id, intervention_id), DELETE ON casework_interventionnote TO fortur_destroyer;
GRANT SELECT (id, coordination_id), DELETE ON casework_planitem TO fortur_destroyer;
GRANT SELECT (id, content_object_id), DELETE ON casework_caseaccess, casework_deliveryaccess TO fortur_destroyer;
GRANT SELECT (id, thing_id), UPDATE (reason, about) ON access_grant TO fortur_destroyer;
GRANT SELECT (id, about_id), UPDATE (reason, about) ON access_exclusion TO fortur_destroyer;
GRANT SELECT (id, grant_id), UPDATE (note) ON access_judgement TO fortur_destroyer;
GRANT SELECT (id, about_id, unit_id, destroyed_by) ON audit_step, audit_change, audit_reading TO fortur_destroyer;
GRANT UPDATE (reason, facts, salt, destroyed_by) ON audit_step TO fortur_destroyer;
GRANT UPDATE (changes, salt, destroyed_by) ON audit_change TO fortur_destroyer;
GRANT UPDATE (purpose, detail, address, salt, destroyed_by) ON audit_reading TO fortur_destroyer;

-- What holds for everybody holds for everybody but the destroyer, which acts in no unit.
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT policyname, tablename FROM pg_policies
        WHERE schemaname = 'public' AND roles = '{public}' AND (tablename LIKE 'casework\_%' OR tablename IN
            ('audit_step', 'audit_change', 'audit_reading', 'access_grant', 'access_exclusion', 'access_judgement'))
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I TO fortur_app, fortur_owner, fortur_auditor, fortur_sealer', one.policyname, one.tablename);
    END LOOP;
END $$;

-- A case on a list that runs, approved by two, as it was when it was proposed, its day come, and held by nobody.
CREATE FUNCTION may_be_destroyed(what uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
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
-- The person of such a case, once no case of the unit is about her.
CREATE FUNCTION person_may_go(what uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM public.casework_case c WHERE c.person_id = what) AND EXISTS (
        SELECT FROM public.casework_destructionitem i JOIN public.casework_destruction d ON d.id = i.destruction_id
        WHERE i.person_id = what AND i.struck = '' AND i.left_why = '' AND i.done_at IS NULL AND d.state = 'running')
$$;
-- What a line of the trail is about: the case, something that arrived in it, or the person when she is gone.
CREATE FUNCTION may_be_emptied(what uuid, unit bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM public.casework_destructionitem i
            WHERE i.unit_id = unit AND i.case_id = what AND public.may_be_destroyed(what))
        OR EXISTS (SELECT FROM public.casework_delivery a JOIN public.casework_case c ON c.id = a.case_id
            WHERE a.id = what AND c.unit_id = unit AND public.may_be_destroyed(a.case_id))
        OR NOT EXISTS (SELECT FROM public.casework_person p WHERE p.id = what) AND public.person_may_go(what)
            AND EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.unit_id = unit AND i.person_id = what)
$$;

DO $$
DECLARE name text; held text;
BEGIN
    FOREACH name IN ARRAY ARRAY['observation', 'priority', 'intervention', 'policeinvestigation', 'socialinvestigation',
        'disclosure', 'delivery', 'coordination', 'deadline', 'notice', 'hold']
    LOOP
        name := 'casework_' || name;
        EXECUTE format('GRANT SELECT (id, case_id), DELETE ON %I TO fortur_destroyer', name);
        EXECUTE format('CREATE POLICY destroyer_finds ON %I FOR SELECT TO fortur_destroyer USING (true)', name);
        EXECUTE format('CREATE POLICY destroyer ON %I FOR DELETE TO fortur_destroyer USING (may_be_destroyed(case_id))', name);
        -- Also where it claims to act in a unit.
        EXECUTE format('CREATE POLICY destroyer_only ON %I AS RESTRICTIVE FOR DELETE TO fortur_destroyer
            USING (may_be_destroyed(case_id))', name);
    END LOOP;
    FOR name, held IN VALUES
        ('casework_case', 'may_be_destroyed(id)'),
        ('casework_person', 'person_may_go(id)'),
        ('casework_caseaccess', 'may_be_destroyed(content_object_id)'),
        ('casework_interventionnote',
            'EXISTS (SELECT FROM casework_intervention i WHERE i.id = intervention_id AND may_be_destroyed(i.case_id))'),
        ('casework_planitem',
            'EXISTS (SELECT FROM casework_coordination k WHERE k.id = coordination_id AND may_be_destroyed(k.case_id))'),
        ('casework_deliveryaccess',
            'EXISTS (SELECT FROM casework_delivery a WHERE a.id = content_object_id AND may_be_destroyed(a.case_id))')
    LOOP
        EXECUTE format('CREATE POLICY destroyer_finds ON %I FOR SELECT TO fortur_destroyer USING (true)', name);
        EXECUTE format('CREATE POLICY destroyer ON %I FOR DELETE TO fortur_destroyer USING (%s)', name, held);
        EXECUTE format('CREATE POLICY destroyer_only ON %I AS RESTRICTIVE FOR DELETE TO fortur_destroyer USING (%s)', name, held);
    END LOOP;
    FOR name, held IN VALUES
        ('audit_step', 'may_be_emptied(about_id, unit_id)'),
        ('audit_change', 'may_be_emptied(about_id, unit_id)'),
        ('audit_reading', 'may_be_emptied(about_id, unit_id)'),
        ('access_grant', 'may_be_destroyed(thing_id)
            OR EXISTS (SELECT FROM casework_delivery a WHERE a.id = thing_id AND may_be_destroyed(a.case_id))'),
        ('access_exclusion', 'may_be_destroyed(about_id)'),
        ('access_judgement', 'EXISTS (SELECT FROM access_grant g WHERE g.id = grant_id AND may_be_destroyed(g.thing_id))'),
        ('casework_destructionitem', 'EXISTS (SELECT FROM casework_destruction d
            WHERE d.id = destruction_id AND d.state = ''running'') AND done_at IS NULL AND struck = ''''')
    LOOP
        EXECUTE format('CREATE POLICY destroyer_finds ON %I FOR SELECT TO fortur_destroyer USING (true)', name);
        EXECUTE format('CREATE POLICY destroyer ON %I FOR UPDATE TO fortur_destroyer USING (%s) WITH CHECK (true)', name, held);
        EXECUTE format('CREATE POLICY destroyer_only ON %I AS RESTRICTIVE FOR UPDATE TO fortur_destroyer USING (%s)
            WITH CHECK (true)', name, held);
    END LOOP;
    EXECUTE 'CREATE POLICY destroyer_finds ON casework_destruction FOR SELECT TO fortur_destroyer USING (true)';
END $$;

-- Written once, by everybody but the destroyer, whose rights and policies say what is left to it.
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'fortur_destroyer' AND TG_OP <> 'TRUNCATE' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE FUNCTION access_ended_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'fortur_destroyer' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an exception that has ended stays ended' USING ERRCODE = 'check_violation';
END $$;

-- A line is emptied whole, once, and names the decision; every other column stays as it was.
CREATE FUNCTION audit_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE texts text[] := ARRAY['reason', 'facts', 'changes', 'purpose', 'detail', 'address', 'salt', 'destroyed_by',
        'prev_seq', 'prev_state']; -- the last two are generated, after this
    now_ jsonb := to_jsonb(NEW); empty jsonb;
BEGIN
    empty := '{"reason": "", "purpose": "", "facts": {}, "changes": {}, "detail": {}, "address": null, "salt": null}'::jsonb;
    IF OLD.destroyed_by IS NOT NULL OR now_ - texts <> to_jsonb(OLD) - texts
        OR EXISTS (SELECT FROM jsonb_each(empty) e WHERE now_ ? e.key AND now_ -> e.key <> e.value)
        OR NOT EXISTS (SELECT FROM public.casework_destruction d WHERE d.id = NEW.destroyed_by AND d.state = 'running') THEN
        RAISE EXCEPTION 'a line is emptied whole, once, by a decision' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER emptied BEFORE UPDATE ON audit_step FOR EACH ROW WHEN (current_user = 'fortur_destroyer') EXECUTE FUNCTION audit_emptied();
CREATE TRIGGER emptied BEFORE UPDATE ON audit_change FOR EACH ROW WHEN (current_user = 'fortur_destroyer') EXECUTE FUNCTION audit_emptied();
CREATE TRIGGER emptied BEFORE UPDATE ON audit_reading FOR EACH ROW WHEN (current_user = 'fortur_destroyer') EXECUTE FUNCTION audit_emptied();
