"""The systems of others before a platform under test: where they are, and the key that both sides have."""

from dataclasses import replace

from config import OutsideSystem

KEY_ID, SECRET = "platform", "a secret of the tests, long enough"


def connect(app, monkeypatch, name: str, place: str, *, production: bool = False) -> None:
    """Let the platform ask the system of this name at this address, as it would where ENV is production or not."""
    changed = {
        name: OutsideSystem(place, KEY_ID, SECRET),
        "env": "production" if production else "development",
    }
    config = replace(app.extensions["platform_config"], **changed)
    monkeypatch.setitem(app.extensions, "platform_config", config)
