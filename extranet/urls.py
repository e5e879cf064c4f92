"""The pages of copper orders."""

from django.urls import path

from extranet.views import contacts, drafts, endings, order, orders, submission

app_name = "extranet"

urlpatterns = [
    # All of them
    path("extranet/", orders.orders, name="orders"),
    path("extranet/export.csv", orders.export, {"kind": "csv"}, name="orders-csv"),
    path("extranet/export.xlsx", orders.export, {"kind": "xlsx"}, name="orders-xlsx"),
    path("extranet/watch/", orders.watch, name="orders-watch"),
    # Whom Covage calls
    path("extranet/contacts/", contacts.contacts, name="contacts"),
    path("extranet/contacts/new/", contacts.new, name="contact-new"),
    path("extranet/contacts/<uuid:pk>/", contacts.contact, name="contact"),
    path("extranet/contacts/<uuid:pk>/delete/", contacts.delete, name="contact-delete"),
    # One
    path("extranet/new/", drafts.new, name="new"),
    path("extranet/terminate/", endings.terminate_named, name="terminate-named"),
    path("extranet/<uuid:key>/", order.order, name="order"),
    path("extranet/<uuid:key>/progress/", order.progress, name="progress"),
    path("extranet/<uuid:key>/owner/", order.owner, name="owner"),
    path("extranet/<uuid:key>/take/", order.take, name="take"),
    path("extranet/<uuid:key>/slots/", order.slots, name="slots"),
    path("extranet/<uuid:key>/settle/", drafts.settle, name="settle"),
    path("extranet/<uuid:key>/delete/", drafts.delete, name="delete"),
    path("extranet/<uuid:key>/duplicate/", drafts.duplicate, name="duplicate"),
    path("extranet/<uuid:key>/submit/", submission.submit, name="submit"),
    path("extranet/<uuid:key>/confirm/", submission.confirm, name="confirm"),
    path("extranet/<uuid:key>/cancel/", submission.cancel, name="cancel"),
    path("extranet/<uuid:key>/terminate/", endings.terminate, name="terminate"),
]
