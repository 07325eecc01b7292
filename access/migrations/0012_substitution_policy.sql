-- Who stands in for whom is read by the unit and by the authority's auditor, as its sisters are.
DROP POLICY everyone ON access_substitution;
CREATE POLICY own_unit ON access_substitution FOR SELECT
    USING (unit_id = (SELECT acting_unit()) OR authority_id = (SELECT trail_authority()));

-- Whose work somebody does in a unit is asked before any unit acts: at login, and by the worker for each person.
-- Whoever acts asks about herself and her own unit. Looks as the tables' owner.
CREATE POLICY looked_up ON access_substitution FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION stands_in_for(who uuid, place bigint) RETURNS uuid[] LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(absent_id), '{}') FROM public.access_substitution
    WHERE substitute_id = who AND unit_id = place AND closed_at IS NULL
        AND since <= statement_timestamp() AND until > statement_timestamp()
        AND (public.acting_user() IS NULL OR public.acting_user() = who OR public.acting_unit() = place)
$$;
REVOKE ALL ON FUNCTION stands_in_for(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stands_in_for(uuid, bigint) TO fortur_app;
