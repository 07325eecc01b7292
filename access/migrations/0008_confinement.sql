-- All in one authority; what somebody else's word is about is the grant's own opener.
ALTER TABLE access_grant ADD CONSTRAINT access_grant_user UNIQUE (id, user_id);
ALTER TABLE access_confined
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id);
ALTER TABLE access_exclusion
    ADD CONSTRAINT own_authority FOREIGN KEY (user_id, authority_id) REFERENCES access_user (id, authority_id),
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id);
ALTER TABLE access_substitution
    ADD CONSTRAINT absents_authority FOREIGN KEY (absent_id, authority_id) REFERENCES access_user (id, authority_id),
    ADD CONSTRAINT substitutes_authority FOREIGN KEY (substitute_id, authority_id) REFERENCES access_user (id, authority_id),
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id);
ALTER TABLE access_judgement
    ADD CONSTRAINT who_opened FOREIGN KEY (grant_id, opener_id) REFERENCES access_grant (id, user_id),
    ADD CONSTRAINT judges_authority FOREIGN KEY (judge_id, authority_id) REFERENCES access_user (id, authority_id),
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id);

-- Read by the unit and by the authority's auditor; written by the unit.
DROP POLICY own_unit ON access_grant;
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['access_grant', 'access_confined', 'access_exclusion', 'access_judgement', 'access_substitution']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO fortur_app', name);
        IF name <> 'access_substitution' THEN
            EXECUTE format('CREATE POLICY own_unit ON %I FOR SELECT
                USING (unit_id = (SELECT acting_unit()) OR authority_id = (SELECT trail_authority()))', name);
        END IF;
        IF name <> 'access_judgement' THEN
            EXECUTE format('CREATE POLICY opened ON %I FOR INSERT WITH CHECK (unit_id = (SELECT acting_unit()))', name);
            EXECUTE format('CREATE POLICY ended ON %I FOR UPDATE USING (unit_id = (SELECT acting_unit()))', name);
        END IF;
    END LOOP;
END $$;
-- Who stands in for whom is asked at login, before any unit is known, as memberships are.
CREATE POLICY everyone ON access_substitution FOR SELECT USING (true);
CREATE POLICY by_oneself ON access_judgement FOR INSERT WITH CHECK (
    judge_id = (SELECT acting_user())
    AND (unit_id = (SELECT acting_unit()) OR authority_id = (SELECT trail_authority())));
GRANT UPDATE (closed_at) ON access_exclusion, access_substitution TO fortur_app;
GRANT UPDATE (ended_at) ON access_confined TO fortur_app;

-- What was ended stays ended.
CREATE FUNCTION access_ended_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an exception that has ended stays ended' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER ended BEFORE UPDATE ON access_grant FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION access_ended_for_good();
CREATE TRIGGER ended BEFORE UPDATE ON access_exclusion FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION access_ended_for_good();
CREATE TRIGGER ended BEFORE UPDATE ON access_substitution FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION access_ended_for_good();
CREATE TRIGGER ended BEFORE UPDATE ON access_confined FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION access_ended_for_good();

-- Whether an open grant names whoever acts, for the thing or for what it is confined with.
CREATE OR REPLACE FUNCTION named_for(thing uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.access_grant
        WHERE user_id = (SELECT public.acting_user()) AND closed_at IS NULL
            AND since <= statement_timestamp() AND until > statement_timestamp()
            AND (thing_id = thing OR thing_id = (
                SELECT c.thing_id FROM public.access_confined c WHERE c.about_id = thing AND c.ended_at IS NULL)))
$$;

-- What whoever acts is shut out of, whatever grants she has. For policies, asked once a query:
-- id <> ALL ((SELECT shut_out())::uuid[])
-- (In PL/pgSQL, which keeps its plan: almost every query asks.)
CREATE FUNCTION shut_out() RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT about_id FROM public.access_exclusion
        WHERE user_id = public.acting_user() AND closed_at IS NULL
            AND since <= statement_timestamp() AND (until IS NULL OR until > statement_timestamp()));
END $$;

-- What whoever acts may not read the lines about: what is confined to others, and what she is shut out of.
CREATE FUNCTION kept_from() RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT about_id FROM public.access_confined c
    WHERE unit_id = (SELECT public.acting_unit()) AND ended_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM public.access_grant g
        WHERE g.thing_id IN (c.thing_id, c.about_id) AND g.user_id = (SELECT public.acting_user()) AND g.closed_at IS NULL
            AND g.since <= statement_timestamp() AND g.until > statement_timestamp())
    UNION ALL SELECT unnest(public.shut_out())
$$;

-- The trail: the unit's lines but those about what is kept from her; an auditor is kept only from what she is shut out of.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_step', 'audit_change', 'audit_reading']
    LOOP
        EXECUTE format('ALTER POLICY own_unit ON %I USING (
            unit_id = (SELECT acting_unit()) AND (about_id IS NULL OR about_id NOT IN (SELECT kept_from()))
            OR authority_id = (SELECT trail_authority()) AND (about_id IS NULL OR about_id <> ALL ((SELECT shut_out())::uuid[])))', name);
    END LOOP;
END $$;
