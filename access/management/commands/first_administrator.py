"""The first administrator of a new installation; the others are made on the page /admin/."""

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from access.models import Authority, Membership, Role, Unit, User
from access.session import acting_as


class Command(BaseCommand):
    help = "Makes an authority, a unit and its administrator, in a database without users."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name")
        parser.add_argument("--kind", required=True, choices=["police", "social", "municipality"])
        parser.add_argument("--authority", required=True)
        parser.add_argument("--unit", required=True)
        parser.add_argument("--prefix", required=True, help="first part of the unit's references")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("There are users already: an administrator makes more at /admin/.")
        password = getpass("Password (at least 15 characters): ")
        try:
            validate_password(password)
        except ValidationError as weak:
            raise CommandError("\n".join(weak.messages)) from weak
        make(password, options)
        self.stdout.write(f"{options['username']} can log in now.")


@transaction.atomic
def make(password: str, given: dict[str, Any]) -> User:
    """All of it, or none of it."""
    with acting_as(None):
        authority = Authority.objects.create(
            name=given["authority"], short=given["authority"][:30], kind=given["kind"]
        )
        unit = Unit.objects.create(
            authority=authority,
            name=given["unit"],
            short=given["unit"][:30],
            reference_prefix=given["prefix"],
        )
        user = User.objects.create_user(
            given["username"], password, name=given["name"], authority=authority
        )
        Membership.objects.create(user=user, unit=unit, role=Role.ADMINISTRATOR)
    return user
