"""Addresses of saved views and of the columns of lists."""

from django.urls import path

from lists import views
from lists.saved_views import views as saved_views

app_name = "lists"

urlpatterns = [
    # Saved views
    path("views/new/", saved_views.new, name="view-new"),
    path("views/<int:pk>/", saved_views.edit, name="view-edit"),
    path("views/<int:pk>/delete/", saved_views.delete, name="view-delete"),
    # Columns of lists
    path("columns/<slug:page>/", views.choose, name="columns"),
]
