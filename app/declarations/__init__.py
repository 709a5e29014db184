"""What can be declared: one file for each type, and the modules are found, not listed."""

from importlib import import_module
from pkgutil import iter_modules

from app.workflow.types import registry


def find() -> None:
    """Fill the registry with the `TYPE` of every module of this package."""
    for module in iter_modules(__path__):
        registry.add(import_module(f"{__name__}.{module.name}").TYPE)
