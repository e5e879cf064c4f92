"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal import views

portal_patterns = ([path("", views.home, name="home")], "portal")

urlpatterns = [
    path("", include(portal_patterns)),
    # Pages of the apps: path("", include("sessions_app.urls")), one line each.
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
