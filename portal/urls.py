"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from portal import health
from portal.dashboard import views as dashboard_views
from portal.home import views
from portal.operations import views as operations_views
from portal.outbox import views as outbox_views
from portal.search import views as search_views

portal_patterns = (
    [
        path("", views.home, name="home"),
        path("search/", search_views.search, name="search"),
        # What is waiting, and how long it takes
        path("dashboard/", dashboard_views.dashboard, name="dashboard"),
        path("dashboard/appointments/", dashboard_views.appointments, name="appointments"),
        # What is waiting for the vendor
        path("outbox/", outbox_views.outbox, name="outbox"),
        path("outbox/<int:pk>/send/", outbox_views.send, name="outbox-send"),
        path("outbox/<int:pk>/withdraw/", outbox_views.withdraw, name="outbox-withdraw"),
        path("outbox/<int:pk>/dismiss/", outbox_views.dismiss, name="outbox-dismiss"),
        # How it runs
        path("operations/", operations_views.operations, name="operations"),
        path("operations/sync/<slug:kind>/", operations_views.sync, name="operations-sync"),
    ],
    "portal",
)

urlpatterns = [
    path("", include(portal_patterns)),
    path("", include("sessions_app.urls")),
    path("", include("tracking.urls")),
    path("", include("extranet.urls")),
    path("", include("lists.urls")),
    path("", include("notifications.urls")),
    # People
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    # Machines
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
