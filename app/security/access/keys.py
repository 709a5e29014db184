"""Data keys: made once, wrapped by the master key, and wrapped anew when the master key changes."""

import secrets

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.extensions.vault import DataKeys, MasterKeys, VaultClosed
from app.models import DataKey

_FIELD, _INDEX = "field", "index"


def ensure_data_keys(session: Session, master: MasterKeys) -> None:
    """Make the first field key and the index key of a new database; the caller commits."""
    present = set(session.scalars(select(DataKey.purpose)))
    for purpose in (_FIELD, _INDEX):
        if purpose not in present:
            name, wrapped = master.wrap(secrets.token_bytes(32))
            session.add(DataKey(purpose=purpose, wrapped=wrapped, wrapped_by=name))
    session.flush()


def load_data_keys(connection: Connection, master: MasterKeys) -> DataKeys:
    """Unwrap every key of this database. Raises `VaultClosed` when there are none or they are not ours."""
    rows = connection.execute(
        select(DataKey.id, DataKey.purpose, DataKey.wrapped_by, DataKey.wrapped).order_by(DataKey.id)
    ).all()
    fields = {row.id: master.unwrap(row.wrapped_by, row.wrapped) for row in rows if row.purpose == _FIELD}
    indexes = [master.unwrap(row.wrapped_by, row.wrapped) for row in rows if row.purpose == _INDEX]
    if not (fields and indexes):
        raise VaultClosed("This database has no data keys yet: run `flask --app run prepare`.")
    return fields, max(fields), indexes[0]


def rewrap_data_keys(session: Session, master: MasterKeys) -> int:
    """Wrap every data key with the current master key; the number of keys that changed hands."""
    changed = 0
    for row in session.scalars(select(DataKey).where(DataKey.wrapped_by != master.current)):
        row.wrapped_by, row.wrapped = master.wrap(master.unwrap(row.wrapped_by, row.wrapped))
        changed += 1
    return changed
