-- Emptied by a decision that ran in the line's own unit and destroyed what the line is about.
CREATE OR REPLACE FUNCTION audit_decided(decision uuid, about uuid, of_unit bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM public.audit_step s
            WHERE s.thing_id = decision AND s.machine = 'destruction' AND s.step = 'run' AND s.unit_id = of_unit)
        AND (EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision AND i.case_id = about
                AND i.ids ? ('casework_case:' || about))
            OR EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision
                AND i.ids ?| ARRAY['casework_person:' || about, 'casework_delivery:' || about]))
$$;

-- The lines that end a destruction whose list isn't the one that the line's checksum is over.
CREATE FUNCTION audit_lists_altered() RETURNS TABLE (id bigint, thing_id uuid, seq integer) LANGUAGE sql STABLE AS $$
    SELECT s.id, s.thing_id, s.seq FROM public.audit_step s
    WHERE s.machine = 'destruction' AND s.step = 'finish' AND s.facts ->> 'digest' IS DISTINCT FROM (
        SELECT encode(sha256(convert_to(coalesce(string_agg(one.key || chr(10), '' ORDER BY one.key COLLATE "C"), ''), 'UTF8')), 'hex')
        FROM public.casework_destructionitem i, jsonb_array_elements_text(i.ids) one (key) WHERE i.destruction_id = s.thing_id)
    ORDER BY s.id
$$;
