"""What an export holds: its rows, its columns as SQL or as words made in Python, and the lines above them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Select, null, type_coerce
from sqlalchemy.orm import Session

from app.extensions.vault import vault
from app.services.exports.harmless import harmless, teach

Cells = Sequence[str]
_AT_ONCE = 250
"""Rows in one piece: larger pieces are not quicker, and each copy of one takes memory."""
_ROWS_AT_ONCE = 500
"""Rows that are read as objects, with what stands beside them."""


@dataclass(frozen=True)
class ExportColumn:
    """One column. `sql` gives harmless text; `text` makes words from a row, slowly; `sealed` is to be decrypted."""

    label: str
    sql: ColumnElement[Any] | None = None
    text: Callable[[Any], str] | None = None
    sealed: ColumnElement[Any] | None = None

    @property
    def expression(self) -> ColumnElement[Any]:
        if self.sealed is not None:
            # As bytes: the values of a whole chunk are decrypted together.
            return type_coerce(self.sealed, LargeBinary)
        return null() if self.sql is None else self.sql


@dataclass(frozen=True)
class Export:
    """A table to be written: `query` finds the rows in their order, within the scope of whoever asked."""

    query: Select[Any]
    columns: Sequence[ExportColumn]
    notes: Sequence[str] = ()
    """Who took this file, when, and what it holds: the first lines of every file."""
    read_beside: Callable[[Sequence[Any]], None] | None = None
    file_name: str = "export"
    filters: Sequence[str] = field(default_factory=tuple)
    """The names of the filters that are on, for the audit; no values."""
    searched: bool = False
    key: ColumnElement[Any] | None = None
    """The key of a row, by which the audit names the persons whose data leaves the platform in full."""

    @property
    def heads(self) -> Cells:
        return [harmless(column.label) for column in self.columns]

    @property
    def by_rows(self) -> bool:
        """Whether some column needs the row itself."""
        return any(column.text is not None for column in self.columns)

    @property
    def by_database(self) -> bool:
        """Whether the database says every cell by itself."""
        return all(column.sql is not None for column in self.columns)

    @property
    def keys(self) -> Select[Any] | None:
        """One SELECT of the keys of all rows."""
        if self.key is None:
            return None
        return self.query.with_only_columns(self.key, maintain_column_froms=True).order_by(None)

    @property
    def cells(self) -> Select[Any]:
        """One SELECT of all cells."""
        return self.query.with_only_columns(
            *(column.expression.label(f"c{place}") for place, column in enumerate(self.columns)),
            maintain_column_froms=True,
        )

    def chunks(self, session: Session) -> Iterator[Sequence[Cells]]:
        """The cells, some hundred rows at a time. The session is the reader's own: nothing else is done in it."""
        if self.by_rows:
            return self._from_rows(session)
        return self._from_database(session)

    def _from_database(self, session: Session) -> Iterator[Sequence[Cells]]:
        connection = session.connection()
        teach(connection.connection.driver_connection)
        found = connection.execute(self.cells.execution_options(yield_per=_AT_ONCE))
        for chunk in found.partitions():
            yield self._decrypted(chunk)

    def _decrypted(self, chunk: Sequence[Any]) -> Sequence[Cells]:
        places = [place for place, column in enumerate(self.columns) if column.sealed is not None]
        if not places:
            return chunk
        turned = [list(values) for values in zip(*chunk, strict=True)]
        for place in places:
            plain = vault.decrypt_many(turned[place])
            turned[place] = [harmless(value.decode()) if value is not None else "" for value in plain]
        return list(zip(*turned, strict=True))

    def _from_rows(self, session: Session) -> Iterator[Sequence[Cells]]:
        teach(session.connection().connection.driver_connection)
        query = self.query.add_columns(
            *(column.expression.label(f"c{place}") for place, column in enumerate(self.columns))
        )
        found = session.execute(query.execution_options(yield_per=_ROWS_AT_ONCE))
        for chunk in found.partitions():
            rows = [one[0] for one in chunk]
            if self.read_beside is not None:
                self.read_beside(rows)
            cells = self._decrypted([one[1:] for one in chunk])
            yield [self._said(row, of_row) for row, of_row in zip(rows, cells, strict=True)]

    def _said(self, row: Any, cells: Cells) -> Cells:
        return [
            cell if column.text is None else harmless(column.text(row))
            for column, cell in zip(self.columns, cells, strict=True)
        ]
