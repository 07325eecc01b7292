CREATE FUNCTION only_by_a_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what it rests on changes by a taken step' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER by_a_step BEFORE UPDATE ON casework_coordination FOR EACH ROW
    WHEN (OLD.version = NEW.version
        AND (OLD.basis, OLD.consent_by, OLD.consent_scope, OLD.consent_parties, OLD.consent_from, OLD.consent_until,
            OLD.consent_withdrawn_on, OLD.ground_id, OLD.ends_on)
        IS DISTINCT FROM (NEW.basis, NEW.consent_by, NEW.consent_scope, NEW.consent_parties, NEW.consent_from,
            NEW.consent_until, NEW.consent_withdrawn_on, NEW.ground_id, NEW.ends_on))
    EXECUTE FUNCTION only_by_a_step();
