"""Addresses of orders, by the vendor's references."""

from django.urls import path

from tracking.views import order

app_name = "tracking"

urlpatterns = [
    # Orders
    path("orders/<str:reference>/", order.order, name="order"),
]
