-- What a certificate counts is what the list's cases say, while the list is kept from ending elsewhere.
CREATE FUNCTION certificate_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM public.casework_destruction d WHERE d.id = NEW.destruction_id AND d.state = 'running' FOR UPDATE;
    IF NOT FOUND
        OR (NEW.cases, NEW."left", NEW.digest) IS DISTINCT FROM (
            SELECT count(i.done_at), count(*) FILTER (WHERE i.left_why <> ''), encode(sha256(convert_to(coalesce((
                SELECT string_agg(one.key || chr(10), '' ORDER BY one.key COLLATE "C")
                FROM public.casework_destructionitem o, jsonb_array_elements_text(o.ids) one (key)
                WHERE o.destruction_id = NEW.destruction_id AND o.done_at IS NOT NULL), ''), 'UTF8')), 'hex')
            FROM public.casework_destructionitem i WHERE i.destruction_id = NEW.destruction_id)
        OR NEW.rows IS DISTINCT FROM (
            SELECT coalesce(jsonb_object_agg(k.kind, k.many), '{}') FROM (
                SELECT one.key, sum(one.value::int) FROM public.casework_destructionitem i, jsonb_each_text(i.rows) one
                WHERE i.destruction_id = NEW.destruction_id AND i.done_at IS NOT NULL GROUP BY one.key) k (kind, many))
        OR (NEW.started_at, NEW.first_reviewer, NEW.second_reviewer) IS DISTINCT FROM (
            SELECT d.started_at, one.name, two.name FROM public.casework_destruction d
            JOIN public.access_user one ON one.id = d.reviewed_by_id JOIN public.access_user two ON two.id = d.approved_by_id
            WHERE d.id = NEW.destruction_id) THEN
        RAISE EXCEPTION 'a certificate says what its list says, when that ends' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER counts BEFORE INSERT ON casework_certificate FOR EACH ROW EXECUTE FUNCTION certificate_counts();

-- Looked at when the transaction ends: none without the other.
ALTER TABLE casework_destruction
    ADD COLUMN ended uuid GENERATED ALWAYS AS (CASE WHEN state = 'done' THEN id END) STORED,
    ADD CONSTRAINT ended_once UNIQUE (ended),
    ADD CONSTRAINT certified FOREIGN KEY (ended) REFERENCES casework_certificate (destruction_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE casework_certificate ADD CONSTRAINT of_what_ended
    FOREIGN KEY (destruction_id) REFERENCES casework_destruction (ended) DEFERRABLE INITIALLY DEFERRED;
