from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ConsoleConfig(AppConfig):
    name = "companion.console"
    label = "console"
    default = True


class ConsoleAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site; stands in INSTALLED_APPS for "django.contrib.admin"."""

    default = False
    default_site = "companion.console.site.ConsoleSite"
