"""Addresses of orders, by the vendor's references."""

from django.urls import path

from tracking.views import exports, order, orders

app_name = "tracking"

urlpatterns = [
    # Orders
    path("orders/", orders.orders, name="orders"),
    path("orders/export.csv", orders.export, {"kind": "csv"}, name="orders-csv"),
    path("orders/export.xlsx", orders.export, {"kind": "xlsx"}, name="orders-xlsx"),
    path("orders/progress/", orders.progress, name="orders-progress"),
    path("orders/watch/", orders.watch, name="orders-watch"),
    path("orders/<str:reference>/", order.order, name="order"),
    # The vendor's exports
    path("exports/", exports.exports, name="exports"),
    path("exports/start/", exports.start, name="export-start"),
    path("exports/<uuid:pk>/", exports.download, name="export-file"),
]
