"""The vendor's order-taking API as a Python client: typed errors, careful writes, one spelling of names."""

from .client import Covage
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
from .moments import moment
from .problems import termination_errors

__all__ = [
    "BadAnswer",
    "Conflict",
    "Covage",
    "CovageError",
    "FieldError",
    "Forbidden",
    "Invalid",
    "NotFound",
    "OutcomeUnknown",
    "RateLimited",
    "ServerError",
    "Unauthorized",
    "Unreachable",
    "moment",
    "termination_errors",
]
