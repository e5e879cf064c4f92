"""The request as our views know it, for the type checker."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from accounts.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """A request that passed `requires`: a user is signed in."""

    user: "User"
    htmx: HtmxDetails
    preserved_post: QueryDict
