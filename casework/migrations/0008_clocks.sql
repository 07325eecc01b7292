-- Rules are public and written once, also by the owner; a new version is a new row.
GRANT SELECT, INSERT ON casework_rule TO fortur_app;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON casework_rule
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

-- A deadline belongs to its case's unit and keeps the version of the rule that made it.
ALTER TABLE casework_rule ADD CONSTRAINT rule_code UNIQUE (id, code);
ALTER TABLE casework_deadline
    ADD CONSTRAINT case_of_own_unit FOREIGN KEY (case_id, unit_id)
        REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT code_of_rule FOREIGN KEY (rule_id, code) REFERENCES casework_rule (id, code),
    ADD CONSTRAINT met_or_dropped CHECK (met_on IS NULL OR dropped_on IS NULL),
    ADD CONSTRAINT not_before_the_first CHECK (due >= first_due);
GRANT SELECT, INSERT, UPDATE (due, met_on, met_how, dropped_on, extended_by_id, extended_at, extended_ground,
    extended_reason, extended_decided_by) ON casework_deadline TO fortur_app;

CREATE FUNCTION deadline_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.due <> NEW.first_due OR NEW.met_on IS NOT NULL OR NEW.dropped_on IS NOT NULL OR NEW.extended_by_id IS NOT NULL
            OR NEW.extended_at IS NOT NULL OR NEW.extended_ground <> '' THEN
            RAISE EXCEPTION 'a deadline begins open and unextended' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.met_on IS NOT NULL OR OLD.dropped_on IS NOT NULL THEN
        RAISE EXCEPTION 'a deadline that was met or dropped stays so' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.id, NEW.unit_id, NEW.case_id, NEW.part_id, NEW.rule_id, NEW.code, NEW.starts_on, NEW.first_due)
        IS DISTINCT FROM (OLD.id, OLD.unit_id, OLD.case_id, OLD.part_id, OLD.rule_id, OLD.code, OLD.starts_on, OLD.first_due) THEN
        RAISE EXCEPTION 'a deadline stays with its case and its rule' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.due = OLD.due THEN
        IF (NEW.extended_by_id, NEW.extended_at, NEW.extended_ground, NEW.extended_reason, NEW.extended_decided_by)
            IS DISTINCT FROM (OLD.extended_by_id, OLD.extended_at, OLD.extended_ground, OLD.extended_reason, OLD.extended_decided_by) THEN
            RAISE EXCEPTION 'an extension moves the day' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.due < OLD.due OR NEW.extended_by_id IS DISTINCT FROM (SELECT public.acting_user())
        OR NEW.extended_at IS NULL OR NEW.extended_at IS NOT DISTINCT FROM OLD.extended_at
        OR NEW.extended_reason = '' OR NEW.extended_decided_by = ''
        OR NOT EXISTS (SELECT FROM public.casework_rule r WHERE r.id = NEW.rule_id AND r.grounds ? NEW.extended_ground) THEN
        RAISE EXCEPTION 'a deadline is moved by an extension only: later, by whoever acts, on a ground of its rule'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moves BEFORE INSERT OR UPDATE ON casework_deadline FOR EACH ROW EXECUTE FUNCTION deadline_moves();

ALTER TABLE casework_deadline ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_unit ON casework_deadline
    USING (unit_id = (SELECT acting_unit()) AND EXISTS (SELECT FROM casework_case c WHERE c.id = case_id))
    WITH CHECK (unit_id = (SELECT acting_unit()));

-- A notice is read and put away by the person it is for; whoever acts in the unit may leave her one.
ALTER TABLE casework_notice ADD CONSTRAINT case_of_own_unit FOREIGN KEY (case_id, unit_id)
    REFERENCES casework_case (id, unit_id) DEFERRABLE INITIALLY DEFERRED;
GRANT SELECT, INSERT, UPDATE (facts, made_at, seen_at) ON casework_notice TO fortur_app;
ALTER TABLE casework_notice ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY to_oneself ON casework_notice FOR SELECT USING (
    unit_id = (SELECT acting_unit()) AND user_id = (SELECT acting_user())
    AND (case_id IS NULL OR EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)));
CREATE POLICY put_away ON casework_notice FOR UPDATE USING (
    unit_id = (SELECT acting_unit()) AND user_id = (SELECT acting_user()));
CREATE POLICY within_the_unit ON casework_notice FOR INSERT WITH CHECK (unit_id = (SELECT acting_unit()));

-- Only the daily state is written anew; any other notice stays as it was told, and is put away once.
CREATE FUNCTION notice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a notice stays as it was told' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER stays BEFORE UPDATE ON casework_notice FOR EACH ROW
    WHEN (OLD.kind <> 'daily' AND (NEW.facts <> OLD.facts OR NEW.made_at <> OLD.made_at
        OR OLD.seen_at IS NOT NULL AND NEW.seen_at IS DISTINCT FROM OLD.seen_at))
    EXECUTE FUNCTION notice_stays();
