"""Which of the vendor's APIs pages and tasks belong to: those of an API that is not configured do not exist."""

from django.urls import ResolverMatch

from outbox.apis import COVAGE, EXTRANET, is_configured

APIS_OF_APPS = {"sessions_app": COVAGE, "tracking": COVAGE, "extranet": EXTRANET}
_APIS_OF_VIEWS = {"portal:appointments": COVAGE}


def api_of_page(match: ResolverMatch | None) -> str:
    """The API without which a page has nothing to show; "" for one that shows whatever there is."""
    if match is None:
        return ""
    return APIS_OF_APPS.get(match.app_name) or _APIS_OF_VIEWS.get(match.view_name, "")


def api_of_function(path: str) -> str:
    """The API that a task, named by its dotted path, calls; "" when that is none or any configured one."""
    return APIS_OF_APPS.get(path.partition(".")[0], "")


def is_there(api: str) -> bool:
    """Whether what belongs to an API, or to none ("") in particular, is shown and done."""
    return not api or is_configured(api)
