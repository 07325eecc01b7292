DROP FUNCTION trail_now;
DROP FUNCTION trail_authority;
DROP FUNCTION acting_authority;
DROP FUNCTION acting_unit;
DROP FUNCTION acting_user;
