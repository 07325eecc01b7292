DROP FUNCTION audit_lists_altered();
CREATE OR REPLACE FUNCTION audit_decided(decision uuid, about uuid, of_unit bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM public.audit_step s
            WHERE s.thing_id = decision AND s.machine = 'destruction' AND s.step = 'run' AND s.unit_id = of_unit)
        AND (EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision AND i.case_id = about)
            OR EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision
                AND (i.person_id = about OR i.ids ? ('casework_delivery:' || about))))
$$;
