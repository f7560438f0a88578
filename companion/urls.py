"""Every address that Django answers."""

from django.contrib import admin
from django.urls import include, path

from companion import account_pages, health
from companion.api import api

urlpatterns = [
    path("", include("companion.fan.urls")),
    path("confirm-email/<str:key>", account_pages.confirm_email, name="confirm_email"),
    path("reset-password/<str:key>", account_pages.reset_password, name="reset_password"),
    path("api/v1/", api.urls),
    path("_allauth/", include("allauth.headless.urls")),
    path("console/", admin.site.urls),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", health.prometheus),
]
