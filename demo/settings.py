"""The portal's settings, with two apps that a production installation doesn't have: the demo and the sandbox."""

from portal.settings import *  # noqa: F403
from portal.settings import INSTALLED_APPS as PRODUCTION_APPS

INSTALLED_APPS = [*PRODUCTION_APPS, "demo", "sandbox"]
