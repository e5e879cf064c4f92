"""Addresses of carts and order lines. Ids are Carnet's own."""

from django.urls import path

from sessions_app.carts import views as cart_views
from sessions_app.confirmation import views as confirmation_views
from sessions_app.lines import views as line_views

app_name = "sessions_app"

urlpatterns = [
    # Carts
    path("carts/", cart_views.carts, name="carts"),
    path("carts/new/", cart_views.new, name="cart-new"),
    path("carts/<uuid:pk>/", cart_views.cart, name="cart"),
    path("carts/<uuid:pk>/edit/", cart_views.edit, name="cart-edit"),
    path("carts/<uuid:pk>/delete/", cart_views.delete, name="cart-delete"),
    path("carts/<uuid:pk>/take/", cart_views.take_over, name="cart-take"),
    path("carts/<uuid:pk>/send/", cart_views.send, name="cart-send"),
    path("carts/<uuid:pk>/settle/", cart_views.settle, name="cart-settle"),
    # Confirmation, and what comes of it
    path("carts/<uuid:pk>/confirm/", confirmation_views.confirm, name="cart-confirm"),
    path("carts/<uuid:pk>/progress/", confirmation_views.progress, name="cart-progress"),
    path("carts/<uuid:pk>/reorder/", confirmation_views.reorder, name="cart-reorder"),
    # Lines
    path("lines/", line_views.lines, name="lines"),
    path("carts/<uuid:pk>/lines/new/", line_views.new, name="line-new"),
    path("lines/<uuid:pk>/", line_views.line, name="line"),
    path("lines/<uuid:pk>/delete/", line_views.delete, name="line-delete"),
    path("lines/<uuid:pk>/duplicate/", line_views.duplicate, name="line-duplicate"),
    path("lines/<uuid:pk>/settle/", line_views.settle, name="line-settle"),
]
