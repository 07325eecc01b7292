-- What an answer to this disclosure of the acting unit is hidden with, where its case is restricted. Looks as the
-- tables' owner, for whom policies show the acting unit's rows; whoever brings the answer is named for nothing.
CREATE FUNCTION answer_is_kept_with(disclosure uuid) RETURNS uuid LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.thing_id FROM public.casework_disclosure d
    JOIN public.access_confined k ON k.about_id = d.case_id AND k.ended_at IS NULL
    WHERE d.id = disclosure AND d.unit_id = (SELECT public.acting_unit())
$$;
REVOKE ALL ON FUNCTION answer_is_kept_with(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION answer_is_kept_with(uuid) TO fortur_app;
