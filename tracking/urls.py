"""Addresses of orders, by the vendor's references."""

from django.urls import path

from tracking.views import exports, order

app_name = "tracking"

urlpatterns = [
    # Orders
    path("orders/<str:reference>/", order.order, name="order"),
    # The vendor's exports
    path("exports/", exports.exports, name="exports"),
    path("exports/start/", exports.start, name="export-start"),
    path("exports/<uuid:pk>/", exports.download, name="export-file"),
]
