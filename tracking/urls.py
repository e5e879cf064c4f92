"""Addresses of orders, by the vendor's references."""

from django.urls import path

from tracking.documents import views
from tracking.exports import views as exports_views
from tracking.orders import views as orders_views
from tracking.requests import bulk_views
from tracking.requests import views as requests_views

app_name = "tracking"

urlpatterns = [
    # Orders
    path("orders/", orders_views.orders, name="orders"),
    path("orders/export.csv", orders_views.export, {"kind": "csv"}, name="orders-csv"),
    path("orders/export.xlsx", orders_views.export, {"kind": "xlsx"}, name="orders-xlsx"),
    path("orders/progress/", orders_views.progress, name="orders-progress"),
    path("orders/watch/", orders_views.watch, name="orders-watch"),
    path("orders/terminate/", bulk_views.terminate_many, name="terminate-many"),
    path("orders/<str:reference>/", orders_views.order, name="order"),
    path("lines/<uuid:pk>/order/", orders_views.of_line, name="order-of-line"),
    path("orders/<str:reference>/documents.zip", views.archive, name="documents"),
    path("orders/<str:reference>/documents/<str:filename>", views.document, name="document"),
    path("orders/<str:reference>/documents/<str:filename>/frame/", views.frame, name="document-frame"),
    # The vendor's exports
    path("exports/", exports_views.exports, name="exports"),
    path("exports/start/", exports_views.start, name="export-start"),
    path("exports/<uuid:pk>/", exports_views.download, name="export-file"),
    # Requests on orders
    path("requests/", requests_views.requests, name="requests"),
    path("orders/<str:reference>/<slug:word>/", requests_views.request_on, name="request"),
]
