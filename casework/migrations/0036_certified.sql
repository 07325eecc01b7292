-- What a certificate counts is what the list's cases say, while the list is kept from ending elsewhere.
CREATE FUNCTION certificate_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE list record; cases record; kinds jsonb; digest text;
BEGIN
    SELECT d.state, d.started_at, d.reviewed_by_id, d.approved_by_id INTO list
        FROM public.casework_destruction d WHERE d.id = NEW.destruction_id FOR UPDATE;
    SELECT count(i.done_at) AS gone, count(*) FILTER (WHERE i.left_why <> '') AS here INTO cases
        FROM public.casework_destructionitem i WHERE i.destruction_id = NEW.destruction_id;
    SELECT coalesce(jsonb_object_agg(k.kind, k.many), '{}') INTO kinds FROM (
        SELECT one.key, sum(one.value::int) FROM public.casework_destructionitem i, jsonb_each_text(i.rows) one
        WHERE i.destruction_id = NEW.destruction_id AND i.done_at IS NOT NULL GROUP BY one.key) k (kind, many);
    SELECT encode(sha256(convert_to(coalesce(string_agg(one.key || chr(10), '' ORDER BY one.key COLLATE "C"), ''), 'UTF8')), 'hex')
        INTO digest FROM public.casework_destructionitem i, jsonb_array_elements_text(i.ids) one (key)
        WHERE i.destruction_id = NEW.destruction_id AND i.done_at IS NOT NULL;
    IF list.state IS DISTINCT FROM 'running'
        OR (NEW.cases, NEW."left", NEW.rows, NEW.digest, NEW.started_at)
            IS DISTINCT FROM (cases.gone, cases.here, kinds, digest, list.started_at)
        OR NEW.first_reviewer IS DISTINCT FROM (SELECT u.name FROM public.access_user u WHERE u.id = list.reviewed_by_id)
        OR NEW.second_reviewer IS DISTINCT FROM (SELECT u.name FROM public.access_user u WHERE u.id = list.approved_by_id) THEN
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
