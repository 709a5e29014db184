"""What the words of a list mean, from the reference data as it is shipped, without a platform around it."""

from datetime import date

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.cli import reference
from app.extensions.vault import vault
from app.models import Counter, DictionaryEntry, Region
from app.services.imports.words import context_on

TODAY = date(2026, 6, 1)


@pytest.fixture(scope="session")
def context():
    engine = create_engine("sqlite://")
    for model in (Counter, Region, DictionaryEntry):
        model.__table__.create(engine)
    with Session(engine) as session:
        reference.load(session)
        yield context_on(session, TODAY)
    engine.dispose()


@pytest.fixture(scope="package")
def module_vault():
    """A vault with keys of its own, for blind indexes; whoever needs the platform's opens that again."""
    vault.configure(lambda: ({1: bytes(32)}, 1, bytes(32)))
