"""A social worker without a degree in social work: what she may, and what the page tells her."""

import psycopg

from tests import make
from tests.investigations import new, page, social
from tests.pages import Find, Login


def test_without_the_degree_the_page_says_why(
    own_db: str, as_: Login, actor: Find, superuser: psycopg.Connection
) -> None:
    """SoL 25:1: whoever assesses, opens, investigates or follows up has a degree."""
    part = make.social_investigation(social(actor), actor("socialsekreterare"))
    superuser.execute(
        b"UPDATE access_membership SET qualified = false WHERE user_id = %s",
        [actor("socialsekreterare2").user_id],
    )
    client = as_("socialsekreterare2")
    refused = client.get(page(part, "assess_protection"))
    assert refused.status_code == 403
    assert "socionomexamen" in refused.content.decode()
    assert client.get(page(part, "note_lvu")).status_code == 200
    assert client.get(new(part.case)).status_code == 200
