"""What the service refuses to start on: a role that may too much, a table that nobody guards.

Row-level security is the second wall; as superuser, owner or BYPASSRLS it would not be there.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

ROOMS = ("casework", "access", "audit")
# Tables of ours that every login may read, each with its reason. All others have a policy.
WITHOUT_POLICY = {
    "audit_machine": "names of machines",
    "audit_edge": "names of steps",
    "access_authority": "official bodies, public",
    "access_unit": "official bodies, public",
    "access_user": "read before anybody is logged in; officials' names are public",
    "access_membership": "read to find out for which unit somebody acts",
    "access_rolerequest": "for administrators to do: officials' roles",
    "access_user_groups": "empty for good: no right to write",
    "access_user_user_permissions": "empty for good: no right to write",
    "access_legalground": "legal grounds, public",
    "access_decider": "delegations, public; no person",
    "casework_place": "places, no persons",
    "casework_rule": "what the law says about time, no person",
    "casework_retentionrule": "how long files are kept, no person",
}
# Tables that the application's role may add to, never change or empty.
WRITTEN_ONCE = (
    "audit_step", "audit_change", "audit_reading",
    "audit_review", "audit_reviewitem", "audit_verdict", "audit_signoff",
    "access_legalground", "access_decider", "casework_rule",
    "audit_seal", "audit_anchor", "audit_check",
)  # fmt: skip

DANGEROUS_ROLES = """
    SELECT rolname FROM pg_roles
    WHERE (rolsuper OR rolbypassrls OR rolname = 'fortur_clock')
      AND pg_has_role(session_user, oid, 'MEMBER')
    ORDER BY 1
"""
OWNED = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
      AND pg_has_role(session_user, relowner, 'MEMBER')
    ORDER BY 1
"""
UNGUARDED = """
    SELECT relname FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND split_part(relname, '_', 1) = ANY (%s) AND relname <> ALL (%s)
      AND NOT (relrowsecurity AND relforcerowsecurity
               AND EXISTS (SELECT FROM pg_policy p, unnest(p.polroles) AS who  -- 0 is everybody
                           WHERE polrelid = c.oid
                               AND (who = 0 OR pg_has_role(session_user, who, 'MEMBER'))))
    ORDER BY 1
"""
REWRITABLE = """
    SELECT name FROM unnest(%s::text[]) AS name
    WHERE has_table_privilege(session_user, name, 'DELETE, TRUNCATE')
       OR has_any_column_privilege(session_user, name, 'UPDATE')
    ORDER BY 1
"""

# So it is after a dump was restored into a server that counts from the beginning.
BEHIND = "SELECT 'run continue_trail' FROM audit_seal HAVING max(last_tx) >= audit_horizon()"


def refuse_unsafe_database() -> None:
    """Raises ImproperlyConfigured with every fault in words; returns when there is none."""
    if found := faults():
        raise ImproperlyConfigured("Förtur does not start: " + "; ".join(found))


def faults() -> list[str]:
    """What is wrong with the database and the role that we came in as."""
    found = [
        _said("the database role is or can become {}", _names(DANGEROUS_ROLES)),
        _said("the database role owns {}", _names(OWNED)),
        _said("no forced row-level security on {}", _names(UNGUARDED, [*ROOMS], [*WITHOUT_POLICY])),
    ]
    if unapplied := _unapplied():
        found.append(_said("migrations are not applied: {}", unapplied))
    else:
        found.append(_said("the trail can be rewritten: {}", _names(REWRITABLE, [*WRITTEN_ONCE])))
        found.append(_said("new lines would stand below the last seal: {}", _names(BEHIND)))
    return [fault for fault in found if fault]


def _said(words: str, names: list[str]) -> str:
    return words.format(", ".join(names)) if names else ""


def _names(question: str, *arguments: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(question, arguments)
        return [name for (name,) in cursor.fetchall()]


def _unapplied() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
