"""How often the platform asks its database while a page is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_SILENT = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def listening(database: Engine) -> Iterator[Callable[[Callable[[], Any]], tuple[Any, list[str]]]]:
    """`ask(lambda: client.get(url))` is the answer and the statements, without those that only begin and end."""
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(_SILENT):
            heard.append(statement)

    def ask(call: Callable[[], Any]) -> tuple[Any, list[str]]:
        call()  # what a process remembers is not there at the first time
        heard.clear()
        answer = call()
        return answer, list(heard)

    event.listen(database, "before_cursor_execute", hear)
    try:
        yield ask
    finally:
        event.remove(database, "before_cursor_execute", hear)
