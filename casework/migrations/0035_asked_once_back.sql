CREATE FUNCTION audit_list_as_ended(decision uuid, said text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT said = encode(sha256(convert_to(coalesce(string_agg(k.key || chr(10), '' ORDER BY k.key COLLATE "C"), ''), 'UTF8')), 'hex')
    FROM public.casework_destructionitem i, jsonb_array_elements_text(i.ids) k (key)
    WHERE i.destruction_id = decision AND i.done_at IS NOT NULL
$$;
