-- Everything of one review is of one unit and authority.
ALTER TABLE audit_review ADD CONSTRAINT review_of_unit UNIQUE (id, unit_id, authority_id),
    ADD CONSTRAINT whole_month CHECK (extract(day FROM month) = 1);
ALTER TABLE audit_reviewitem
    ADD CONSTRAINT item_of_unit UNIQUE (id, review_id, unit_id, authority_id),
    ADD CONSTRAINT of_reviews_unit FOREIGN KEY (review_id, unit_id, authority_id)
        REFERENCES audit_review (id, unit_id, authority_id);
ALTER TABLE audit_verdict ADD CONSTRAINT of_items_unit FOREIGN KEY (item_id, review_id, unit_id, authority_id)
    REFERENCES audit_reviewitem (id, review_id, unit_id, authority_id);
ALTER TABLE audit_signoff ADD CONSTRAINT of_reviews_unit FOREIGN KEY (review_id, unit_id, authority_id)
    REFERENCES audit_review (id, unit_id, authority_id);

-- Verdicts and the sign-off of one review wait for each other, so that none slips in afterwards.
CREATE FUNCTION audit_review_open(review uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_review ' || review, 0));
    IF EXISTS (SELECT FROM public.audit_signoff s WHERE s.review_id = review) THEN
        RAISE EXCEPTION 'the review is signed off' USING ERRCODE = 'check_violation';
    END IF;
END $$;

CREATE FUNCTION audit_reviewitem_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.audit_review_open(NEW.review_id);
    IF NOT EXISTS (SELECT FROM public.audit_reading r
        WHERE r.id = NEW.reading_id AND r.actor_id = NEW.actor_id AND r.unit_id = NEW.unit_id) THEN
        RAISE EXCEPTION 'no such line of that person' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds BEFORE INSERT ON audit_reviewitem FOR EACH ROW EXECUTE FUNCTION audit_reviewitem_holds();

-- Nobody judges her own line.
CREATE FUNCTION audit_verdict_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := public.trail_now();
    PERFORM public.audit_review_open(NEW.review_id);
    IF EXISTS (SELECT FROM public.audit_reviewitem i WHERE i.id = NEW.item_id AND i.actor_id = NEW.by_id) THEN
        RAISE EXCEPTION 'nobody judges her own line' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds BEFORE INSERT ON audit_verdict FOR EACH ROW EXECUTE FUNCTION audit_verdict_holds();

CREATE FUNCTION audit_signoff_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.at := public.trail_now();
    PERFORM public.audit_review_open(NEW.review_id);
    IF EXISTS (SELECT FROM public.audit_reviewitem i WHERE i.review_id = NEW.review_id
        AND NOT EXISTS (SELECT FROM public.audit_verdict v WHERE v.item_id = i.id)) THEN
        RAISE EXCEPTION 'a line is not judged yet' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds BEFORE INSERT ON audit_signoff FOR EACH ROW EXECUTE FUNCTION audit_signoff_holds();
CREATE TRIGGER clock BEFORE INSERT ON audit_review FOR EACH ROW EXECUTE FUNCTION audit_clock();

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_review', 'audit_reviewitem', 'audit_verdict', 'audit_signoff']
    LOOP
        EXECUTE format('CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()', name);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_unit ON %I FOR SELECT
            USING (unit_id = (SELECT acting_unit()) OR authority_id = (SELECT trail_authority()))', name);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', name);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO fortur_app', name);
        EXECUTE format('GRANT SELECT ON %I TO fortur_auditor', name);
        EXECUTE format('CREATE POLICY everything ON %I FOR SELECT TO fortur_auditor USING (true)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['audit_review', 'audit_reviewitem']
    LOOP
        EXECUTE format('CREATE POLICY of_own_unit ON %I FOR INSERT WITH CHECK (
            unit_id = (SELECT acting_unit()) AND authority_id = (SELECT acting_authority())
            OR authority_id = (SELECT trail_authority()))', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['audit_verdict', 'audit_signoff']
    LOOP
        EXECUTE format('CREATE POLICY as_oneself ON %I FOR INSERT WITH CHECK (by_id = (SELECT acting_user())
            AND (unit_id = (SELECT acting_unit()) AND authority_id = (SELECT acting_authority())
                OR authority_id = (SELECT trail_authority())))', name);
    END LOOP;
END $$;
