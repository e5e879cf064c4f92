"""Addresses of orders, by the vendor's references."""

from django.urls import path

from tracking.views import documents, exports, order, orders, requests, terminations

app_name = "tracking"

urlpatterns = [
    # Orders
    path("orders/", orders.orders, name="orders"),
    path("orders/export.csv", orders.export, {"kind": "csv"}, name="orders-csv"),
    path("orders/export.xlsx", orders.export, {"kind": "xlsx"}, name="orders-xlsx"),
    path("orders/progress/", orders.progress, name="orders-progress"),
    path("orders/watch/", orders.watch, name="orders-watch"),
    path("orders/terminate/", terminations.terminate_many, name="terminate-many"),
    path("orders/<str:reference>/", order.order, name="order"),
    path("lines/<uuid:pk>/order/", order.of_line, name="order-of-line"),
    path("orders/<str:reference>/documents.zip", documents.archive, name="documents"),
    path("orders/<str:reference>/documents/<str:filename>", documents.document, name="document"),
    path("orders/<str:reference>/documents/<str:filename>/frame/", documents.frame, name="document-frame"),
    # The vendor's exports
    path("exports/", exports.exports, name="exports"),
    path("exports/start/", exports.start, name="export-start"),
    path("exports/<uuid:pk>/", exports.download, name="export-file"),
    # Requests on orders
    path("requests/", requests.requests, name="requests"),
    path("orders/<str:reference>/<slug:word>/", requests.request_on, name="request"),
]
