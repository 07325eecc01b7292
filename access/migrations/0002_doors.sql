-- All of a user's memberships and grants are in her own authority, and a unit's kind is its authority's.
ALTER TABLE access_authority ADD CONSTRAINT access_authority_kind UNIQUE (id, kind);
ALTER TABLE access_unit ADD CONSTRAINT access_unit_authority UNIQUE (id, authority_id);
ALTER TABLE access_user ADD CONSTRAINT access_user_authority UNIQUE (id, authority_id);
ALTER TABLE access_membership
    ADD CONSTRAINT own_authority FOREIGN KEY (user_id, authority_id) REFERENCES access_user (id, authority_id),
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id),
    ADD CONSTRAINT authority_kind FOREIGN KEY (authority_id, kind) REFERENCES access_authority (id, kind);
ALTER TABLE access_grant
    ADD CONSTRAINT own_authority FOREIGN KEY (user_id, authority_id) REFERENCES access_user (id, authority_id),
    ADD CONSTRAINT unit_authority FOREIGN KEY (unit_id, authority_id) REFERENCES access_unit (id, authority_id);

-- A grant belongs to its unit, for readers and for writers.
ALTER TABLE access_grant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_unit ON access_grant
    USING (unit_id = (SELECT acting_unit())) WITH CHECK (unit_id = (SELECT acting_unit()));

-- Whether an open grant names whoever acts. For policies: NOT restricted OR named_for(id).
CREATE FUNCTION named_for(thing uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.access_grant
        WHERE thing_id = thing AND user_id = (SELECT public.acting_user()) AND closed_at IS NULL
            AND since <= statement_timestamp() AND until > statement_timestamp())
$$;

REVOKE ALL ON access_authority, access_unit, access_user, access_membership, access_grant FROM PUBLIC;
REVOKE ALL ON access_user_groups, access_user_user_permissions FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON access_authority, access_unit, access_user, access_membership TO fortur_app;
GRANT SELECT ON access_user_groups, access_user_user_permissions TO fortur_app; -- empty for good: roles decide
GRANT SELECT, INSERT, UPDATE (closed_at) ON access_grant TO fortur_app;
