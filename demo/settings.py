"""The portal's settings with what a production installation hasn't got: the commands of the demo and of the sandbox."""

from portal.settings import *  # noqa: F403
from portal.settings import INSTALLED_APPS as PRODUCTION_APPS

INSTALLED_APPS = [*PRODUCTION_APPS, "demo", "sandbox"]
