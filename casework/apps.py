"""The top room of the house."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
