"""The master key changes, and everything can still be read."""

import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.extensions.vault import MasterKeys, VaultClosed
from app.factory import open_vault
from app.models import DataKey, Person
from app.security.access.keys import load_data_keys
from tests.cast import ZHANG_WEI, assemble


@pytest.fixture
def own_key_file(app, tmp_path):
    """A copy of the key file: that of the run belongs to all tests."""
    config = app.extensions["platform_config"]
    path = tmp_path / "master.json"
    shutil.copy(config.key_file, path)
    app.extensions["platform_config"] = replace(config, key_file=path)
    yield path
    app.extensions["platform_config"] = config


@pytest.mark.both_engines
def test_after_a_rotation_the_data_is_read_with_the_new_key_alone(app, session, own_key_file):
    with app.app_context():
        assemble(session)
        before = MasterKeys.load(own_key_file)
        answer = app.test_cli_runner().invoke(args=["rotate-master-key"])
        assert answer.exit_code == 0, answer.output
        after = MasterKeys.load(own_key_file)
        assert set(session.scalars(select(DataKey.wrapped_by))) == {after.current} != {before.current}
        open_vault(app, app.extensions["platform_config"])
        numbers = {person.id_number for person in session.scalars(select(Person))}
        assert ZHANG_WEI in numbers
        with pytest.raises(VaultClosed):
            load_data_keys(session.connection(), before)
