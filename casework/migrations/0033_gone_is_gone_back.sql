DROP FUNCTION audit_list_as_ended(uuid, text);
CREATE OR REPLACE FUNCTION audit_decided(decision uuid, about uuid, of_unit bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM public.audit_step s
            WHERE s.thing_id = decision AND s.machine = 'destruction' AND s.step = 'run' AND s.unit_id = of_unit)
        AND (EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision AND i.case_id = about)
            OR EXISTS (SELECT FROM public.casework_destructionitem i WHERE i.destruction_id = decision
                AND (i.person_id = about OR i.ids ? ('casework_delivery:' || about))))
$$;
REVOKE SELECT (done_at) ON casework_destructionitem FROM fortur_auditor;
DROP TRIGGER with_it ON audit_step;
DROP TRIGGER with_it ON audit_change;
DROP TRIGGER with_it ON audit_reading;
DROP FUNCTION audit_emptied_with_it();
DROP TRIGGER noted ON casework_destructionitem;
DROP FUNCTION destruction_noted();
