"""The platform; `create_app` makes it, and importing a part of it loads that part alone."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: "Config | None" = None) -> "Flask":
    """The application for this configuration; without one, for the environment."""
    # The signer and the renderers are processes of their own: what they do not need must not be loaded with them.
    from app.factory import build  # noqa: PLC0415

    return build(config)
