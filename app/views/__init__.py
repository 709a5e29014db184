"""The screens: every module here that has a `SCREENS` tuple adds its views; nothing else has to be edited."""

from importlib import import_module
from pkgutil import walk_packages

from flask_appbuilder import AppBuilder


def register(appbuilder: AppBuilder) -> None:
    for module in walk_packages(__path__, f"{__name__}."):
        for screen in getattr(import_module(module.name), "SCREENS", ()):
            appbuilder.add_view_no_menu(screen)
