"""Flask-AppBuilder without its own screens: only what this platform registers has a route."""

from typing import Any

from flask_appbuilder import AppBuilder

from app.views.kit.access import Screen, Undeclared


class PlatformBuilder(AppBuilder):
    """Registers our screens and refuses a view that is not protected by default."""

    def _add_global_static(self) -> None:
        """None of FAB's templates, and none of its styles and scripts under /static/appbuilder/."""

    def _add_admin_views(self) -> None:
        """The portal alone: no /back, no /lang, no security screens, no API (framework notes §1.2 and §5)."""
        self._indexview = self.add_view_no_menu(self.indexview)

    def _check_and_init(self, baseview: Any) -> Any:
        view = super()._check_and_init(baseview)
        if not isinstance(view, Screen):
            raise Undeclared(f"{type(view).__name__} is no Screen: nobody would check who calls it.")
        if any(type(other).__name__ == type(view).__name__ for other in self.baseviews if other is not view):
            raise Undeclared(f"There are two screens named {type(view).__name__}; grants go by the name.")
        return view
