DO $$
DECLARE name text; held text;
BEGIN
    FOR name, held IN VALUES
        ('casework_delivery', 'may_be_destroyed(case_id)'),
        ('casework_deliveryaccess',
            'EXISTS (SELECT FROM casework_delivery a WHERE a.id = content_object_id AND may_be_destroyed(a.case_id))'),
        ('access_grant', 'may_be_emptied(thing_id, unit_id)'),
        ('audit_verdict', 'EXISTS (SELECT FROM audit_reviewitem i JOIN audit_reading r ON r.id = i.reading_id
            WHERE i.id = item_id AND may_be_emptied(r.about_id, r.unit_id))')
    LOOP
        EXECUTE format('ALTER POLICY destroyer ON %I USING (%s)', name, held);
        EXECUTE format('ALTER POLICY destroyer_only ON %I USING (%s)', name, held);
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION access_is_about_destroyed(what text, id_ text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE what
        WHEN 'grant' THEN EXISTS (SELECT FROM public.access_grant g
            WHERE g.id::text = id_ AND public.may_be_emptied(g.thing_id, g.unit_id))
        WHEN 'exclusion' THEN EXISTS (SELECT FROM public.access_exclusion e
            WHERE e.id::text = id_ AND public.may_be_emptied(e.about_id, e.unit_id))
        ELSE false END
$$;
DROP FUNCTION letter_is_over(uuid);
DROP POLICY counted ON casework_delivery;
DROP FUNCTION kept_since(text);
