"""Column types and descriptors that every model may use."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast, overload

from sqlalchemy import ColumnElement, DateTime, Dialect, LargeBinary, TypeDecorator

from app.extensions.vault import vault


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Only aware values are taken; UTC is stored and given back."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that is stored encrypted and cannot be searched or sorted."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else vault.encrypt(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else vault.decrypt(bytes(value)).decode()


class Sealed:
    """A personal datum kept in three columns: `x_cipher`, `x_masked` for people, `x_index` for exact search.

    Setting it fills all three, so that lists and exports never decrypt. The three columns stand in the model
    under the attribute's own name with these endings.
    """

    def __init__(
        self, field: str, mask: Callable[[str], str], normalise: Callable[[str], str] = str.strip
    ) -> None:
        self.field = field
        self.mask = mask
        self.normalise = normalise

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed": ...
    @overload
    def __get__(self, row: object, owner: type) -> str | None: ...
    def __get__(self, row: object | None, owner: type) -> "Sealed | str | None":
        if row is None:
            return self
        return cast("str | None", getattr(row, f"{self.name}_cipher"))

    def __set__(self, row: object, value: str | None) -> None:
        for column, stored in self.columns(value).items():
            setattr(row, column, stored)

    def columns(self, value: str | None) -> dict[str, str | None]:
        """What the three columns hold for this value, for statements that write many rows at once."""
        clean = self.normalise(value) if value else None
        return {
            f"{self.name}_cipher": clean,
            f"{self.name}_masked": self.mask(clean) if clean else None,
            f"{self.name}_index": vault.blind(clean, self.field) if clean else None,
        }

    def equals(self, model: type, value: str) -> ColumnElement[bool]:
        """The SQL condition that finds this value exactly."""
        column = getattr(model, f"{self.name}_index")
        return cast("ColumnElement[bool]", column == vault.blind(self.normalise(value), self.field))


def described(comment: str, label: Any, **info: Any) -> dict[str, Any]:
    """What a column says of itself: the law's word in the database, the translated label on the screen."""
    return {"comment": comment, "info": {"label": label, **info}}
