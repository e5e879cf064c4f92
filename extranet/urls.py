"""Addresses of copper orders and contacts. Ids are Carnet's own."""

from django.urls import path

from extranet.contacts import views
from extranet.drafts import submission_views
from extranet.drafts import views as drafts_views
from extranet.orders import list_views
from extranet.orders import views as orders_views
from extranet.terminations import views as terminations_views

app_name = "extranet"

urlpatterns = [
    # The list
    path("extranet/", list_views.orders, name="orders"),
    path("extranet/export.csv", list_views.export, {"kind": "csv"}, name="orders-csv"),
    path("extranet/export.xlsx", list_views.export, {"kind": "xlsx"}, name="orders-xlsx"),
    path("extranet/watch/", list_views.watch, name="orders-watch"),
    # Contacts
    path("extranet/contacts/", views.contacts, name="contacts"),
    path("extranet/contacts/new/", views.new, name="contact-new"),
    path("extranet/contacts/<uuid:pk>/", views.contact, name="contact"),
    path("extranet/contacts/<uuid:pk>/delete/", views.delete, name="contact-delete"),
    # One order
    path("extranet/new/", drafts_views.new, name="new"),
    path("extranet/terminate/", terminations_views.terminate_named, name="terminate-named"),
    path("extranet/<uuid:key>/", orders_views.order, name="order"),
    path("extranet/<uuid:key>/progress/", orders_views.progress, name="progress"),
    path("extranet/<uuid:key>/owner/", orders_views.owner, name="owner"),
    path("extranet/<uuid:key>/take/", orders_views.take_over, name="take"),
    path("extranet/<uuid:key>/slots/", orders_views.slots, name="slots"),
    path("extranet/<uuid:key>/settle/", drafts_views.settle, name="settle"),
    path("extranet/<uuid:key>/delete/", drafts_views.delete, name="delete"),
    path("extranet/<uuid:key>/duplicate/", drafts_views.duplicate, name="duplicate"),
    path("extranet/<uuid:key>/submit/", submission_views.submit, name="submit"),
    path("extranet/<uuid:key>/confirm/", submission_views.confirm, name="confirm"),
    path("extranet/<uuid:key>/cancel/", submission_views.cancel, name="cancel"),
    path("extranet/<uuid:key>/terminate/", terminations_views.terminate, name="terminate"),
]
