"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal import dashboard, health, operations, outbox, search, views

portal_patterns = (
    [
        path("", views.home, name="home"),
        path("search/", search.search, name="search"),
        # What waits, and how long it takes
        path("dashboard/", dashboard.dashboard, name="dashboard"),
        path("dashboard/appointments/", dashboard.appointments, name="appointments"),
        # What is owed to the vendor
        path("outbox/", outbox.outbox, name="outbox"),
        path("outbox/<int:pk>/send/", outbox.send, name="outbox-send"),
        path("outbox/<int:pk>/withdraw/", outbox.withdraw, name="outbox-withdraw"),
        path("outbox/<int:pk>/dismiss/", outbox.dismiss, name="outbox-dismiss"),
        # How it runs
        path("operations/", operations.operations, name="operations"),
        path("operations/sync/<slug:kind>/", operations.sync, name="operations-sync"),
    ],
    "portal",
)

urlpatterns = [
    path("", include(portal_patterns)),
    path("", include("sessions_app.urls")),
    path("", include("tracking.urls")),
    path("", include("extranet.urls")),
    path("", include("desk.urls")),
    # People
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    # Machines
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
