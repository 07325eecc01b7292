"""Exposed places: agreed names, no personal data."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from audit.querysets import AuditedManager


class Place(models.Model):
    """A place in a municipality that flags can name. `exposed`: on the agreed list."""

    name = models.CharField(_("name"), max_length=80)
    municipality = models.CharField(_("municipality"), max_length=80)
    exposed = models.BooleanField(_("on the agreed list of exposed places"), default=True)
    active = models.BooleanField(_("can be chosen"), default=True)

    objects = AuditedManager["Place"]()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("municipality", "name")
        constraints = (
            models.UniqueConstraint(
                Lower("name"),
                name="place_name_once",
                violation_error_message=_("There is already a place with this name."),
            ),
        )

    def __str__(self) -> str:
        return self.name
