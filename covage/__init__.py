"""The vendor's order taking, order tracking and extranet as Python clients.

Typed errors, careful writes, one spelling of names.
"""

from .client import Covage
from .copper import EventPage
from .download import Download
from .errors import (
    BadAnswer,
    Conflict,
    CovageError,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ServerError,
    Unauthorized,
    Unreachable,
)
from .extranet import Extranet
from .moments import moment
from .orders import OrderPage
from .problems import termination_errors

__all__ = [
    "BadAnswer",
    "Conflict",
    "Covage",
    "CovageError",
    "Download",
    "EventPage",
    "Extranet",
    "FieldError",
    "Forbidden",
    "Invalid",
    "NotFound",
    "OrderPage",
    "OutcomeUnknown",
    "RateLimited",
    "ServerError",
    "Unauthorized",
    "Unreachable",
    "moment",
    "termination_errors",
]
