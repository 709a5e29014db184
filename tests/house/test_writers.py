"""Only few places may write a state, commit, or catch everything; they are listed here and nowhere else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, files, nothing, parsed, place, write

# An enterprise that changes its particulars declares for nobody: its change moves by a table of its own.
STATE_WRITERS = ("app/workflow/perform.py", "app/workflow/enterprise_changes.py")
# Jobs, imports and objections have states of their own, which are no steps of a declaration.
OTHER_STATES = {"JobState", "ImportState", "ObjectionState"}
# One commit per act: the doors of the acts, and what runs apart from a request.
COMMITTERS = (
    "app/workflow/perform.py",
    "app/services/",
    "app/tasks/",
    "app/cli/",
    "app/security/login/",
    "app/views/kit/",
    "app/extensions/database.py",  # begin_writing ends a transaction that has only read
)
# The place that turns an unforeseen error into a page with a number, and the loop that no failed job may end.
CATCHERS = ("app/views/kit/errors.py", "app/tasks/worker.py")


def _allowed(root: Path, path: Path, places: tuple[str, ...]) -> bool:
    name = path.relative_to(root).as_posix()
    return any(name == allowed or (allowed.endswith("/") and name.startswith(allowed)) for allowed in places)


def _state_writes(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Delete):
            targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
            written = [part for target in targets for part in ast.walk(target)]
            if any(_is_state(part) for part in written) and not _of_another_kind(
                getattr(node, "value", None)
            ):
                yield node.lineno
        elif isinstance(node, ast.Call):
            given = [keyword.value for keyword in node.keywords if keyword.arg == "state"]
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if (called in {"values", "update"} and not all(_of_another_kind(value) for value in given)) or (
                called == "setattr" and _is_text(node.args[1:2], "state")
            ):
                yield node.lineno


def _is_state(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "state" and not isinstance(node.ctx, ast.Load)


def _of_another_kind(value: ast.expr | None) -> bool:
    if isinstance(value, ast.IfExp):
        return _of_another_kind(value.body) and _of_another_kind(value.orelse)
    named = value.value if isinstance(value, ast.Attribute) else None
    return isinstance(named, ast.Name) and named.id in OTHER_STATES


def _is_text(arguments: list[ast.expr], text: str) -> bool:
    return any(isinstance(argument, ast.Constant) and argument.value == text for argument in arguments)


def _commits(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno


def _broad_excepts(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {name.id for name in caught if isinstance(name, ast.Name)}
            if node.type is None or names & {"Exception", "BaseException"}:
                yield node.lineno


def state_writes(root: Path) -> list[str]:
    return [
        f"{place(root, path, line)}: only workflow/perform.py writes a state; ask it for the act instead"
        for path in files(root, "*.py", "app")
        if not _allowed(root, path, STATE_WRITERS)
        for line in sorted(_state_writes(parsed(path)))
    ]


def commits(root: Path) -> list[str]:
    return [
        f"{place(root, path, line)}: a commit here cuts an act in two; leave it to {', '.join(COMMITTERS)}"
        for path in files(root, "*.py", "app")
        if not _allowed(root, path, COMMITTERS)
        for line in _commits(parsed(path))
    ]


def broad_excepts(root: Path) -> list[str]:
    return [
        f"{place(root, path, line)}: name the errors you expect; the rest belongs to {' and '.join(CATCHERS)}"
        for path in files(root, "*.py", "app", "ca_agent")
        if not _allowed(root, path, CATCHERS)
        for line in _broad_excepts(parsed(path))
    ]


def test_only_perform_writes_a_state():
    nothing(state_writes(ROOT))


def test_only_the_owners_of_an_act_commit():
    nothing(commits(ROOT))


def test_only_two_places_catch_everything():
    nothing(broad_excepts(ROOT))


def test_a_state_written_elsewhere_is_found_in_each_disguise(tmp_path):
    write(
        tmp_path,
        "app/views/screen.py",
        "row.state = 'approved'\n"
        "row.state, row.note = 'approved', ''\n"
        "setattr(row, 'state', 'approved')\n"
        "session.execute(update(Row).values(state='approved'))\n"
        "print(row.state == 'approved')\n"
        "job.state = JobState.DONE if done else JobState.FAILED\n"
        "session.execute(update(Job).values(state=JobState.DONE))\n",
    )
    write(tmp_path, "app/workflow/perform.py", "row.state = 'approved'\n")
    assert [finding.split(":")[1] for finding in state_writes(tmp_path)] == ["1", "2", "3", "4"]


def test_a_commit_elsewhere_is_found(tmp_path):
    write(tmp_path, "app/models/row.py", "def save(session):\n    session.commit()\n")
    write(tmp_path, "app/services/act.py", "def act(session):\n    session.commit()\n")
    assert [finding.split(":")[0] for finding in commits(tmp_path)] == ["app/models/row.py"]


def test_a_broad_except_elsewhere_is_found(tmp_path):
    code = "try:\n    x = 1\nexcept {}:\n    x = 2\n"
    for name, caught in {"a": "Exception", "b": "(ValueError, BaseException)", "c": "ValueError"}.items():
        write(tmp_path, f"app/{name}.py", code.format(caught))
    write(tmp_path, "app/d.py", code.replace(" {}", ""))
    write(tmp_path, "app/tasks/worker.py", code.format("Exception"))
    assert [finding.split(":")[0] for finding in broad_excepts(tmp_path)] == [
        "app/a.py",
        "app/b.py",
        "app/d.py",
    ]
