DROP FUNCTION named_for;
DROP POLICY own_unit ON access_grant;
ALTER TABLE access_grant NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE access_grant DROP CONSTRAINT own_authority, DROP CONSTRAINT unit_authority;
ALTER TABLE access_membership DROP CONSTRAINT own_authority, DROP CONSTRAINT unit_authority, DROP CONSTRAINT authority_kind;
ALTER TABLE access_user DROP CONSTRAINT access_user_authority;
ALTER TABLE access_unit DROP CONSTRAINT access_unit_authority;
ALTER TABLE access_authority DROP CONSTRAINT access_authority_kind;
