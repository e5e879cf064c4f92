"""Addresses of carts and order lines. Ids are Carnet's own."""

from django.urls import path

from sessions_app.views import carts, confirmation, lines, lists

app_name = "sessions_app"

urlpatterns = [
    # Carts
    path("carts/", lists.carts, name="carts"),
    path("carts/new/", carts.new, name="cart-new"),
    path("carts/<uuid:pk>/", carts.cart, name="cart"),
    path("carts/<uuid:pk>/edit/", carts.edit, name="cart-edit"),
    path("carts/<uuid:pk>/delete/", carts.delete, name="cart-delete"),
    path("carts/<uuid:pk>/take/", carts.take, name="cart-take"),
    path("carts/<uuid:pk>/send/", carts.send, name="cart-send"),
    path("carts/<uuid:pk>/settle/", carts.settle, name="cart-settle"),
    # Confirmation, and what comes of it
    path("carts/<uuid:pk>/confirm/", confirmation.confirm, name="cart-confirm"),
    path("carts/<uuid:pk>/progress/", confirmation.progress, name="cart-progress"),
    path("carts/<uuid:pk>/reorder/", confirmation.reorder, name="cart-reorder"),
    # Lines
    path("lines/", lists.lines, name="lines"),
    path("carts/<uuid:pk>/lines/new/", lines.new, name="line-new"),
    path("lines/<uuid:pk>/", lines.line, name="line"),
    path("lines/<uuid:pk>/delete/", lines.delete, name="line-delete"),
    path("lines/<uuid:pk>/duplicate/", lines.duplicate, name="line-duplicate"),
    path("lines/<uuid:pk>/settle/", lines.settle, name="line-settle"),
]
