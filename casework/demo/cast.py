"""Makes the town of people.py in the database: for the tests' template and for the demo alike."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from access.models import Authority, Membership, Unit, User
from access.session import acting_as
from casework.demo.people import AUTHORITIES, COUNTERPARTS, PASSWORD, PEOPLE, PLACES, UNITS
from casework.models import Place

SINCE = date(2020, 1, 1)  # before the first event of the demo


@transaction.atomic
def build() -> dict[str, User]:
    """Everybody by username. In a database that has none of them yet."""
    with acting_as(None):
        authorities = {
            name: Authority.objects.create(name=name, kind=kind, short=short)
            for name, (kind, short) in AUTHORITIES.items()
        }
        units = {
            unit: Unit.objects.create(
                authority=authorities[unit.authority],
                name=unit.name,
                short=unit.short,
                reference_prefix=unit.prefix,
            )
            for unit in UNITS
        }
        for one, other in COUNTERPARTS:
            units[one].counterpart, units[other].counterpart = units[other], units[one]
            units[one].save()
            units[other].save()
        for name, municipality in PLACES.items():
            Place.objects.create(name=name, municipality=municipality)
        password = make_password(PASSWORD)  # once: fifteen slow hashes would make the demo wait
        users = {}
        for person in PEOPLE:
            unit = units[person.unit]
            user = User(
                username=person.username,
                name=person.name,
                authority=unit.authority,
                password=password,
            )
            user.save()
            Membership.objects.create(
                user=user, unit=unit, role=person.role, qualified=person.qualified, since=SINCE
            )
            users[person.username] = user
    return users
