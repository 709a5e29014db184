"""The screens: every module here that has a `SCREENS` tuple adds its views; nothing else has to be edited."""

from importlib import import_module
from pkgutil import walk_packages

from flask_appbuilder import AppBuilder

from app.services.exports.lists import offer
from app.views.kit.exportable import ScreenList
from app.views.kit.records import RecordScreen


def register(appbuilder: AppBuilder) -> None:
    for module in walk_packages(__path__, f"{__name__}."):
        for screen in getattr(import_module(module.name), "SCREENS", ()):
            view = appbuilder.add_view_no_menu(screen)
            if isinstance(view, RecordScreen):
                offer(ScreenList(view))
