"""Every package stands in the import contract, and the contract turns red when a layer looks upwards."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT, nothing, write

# Not code: pages and pictures.
NO_LAYER = {"static", "templates", "__pycache__"}


def _contract(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]


def unlayered(root: Path) -> list[str]:
    linter = _contract(root)
    layers = next(contract for contract in linter["contracts"] if contract["id"] == "layers")["layers"]
    named = {name.strip().strip("()") for layer in layers for name in re.split("[|:]", layer)}
    parents = {name.split(".")[0] for name in named if "." in name}
    below = [
        path for path in (root / "app").iterdir() if path.name not in NO_LAYER | {"__init__.py", "factory.py"}
    ]
    below += [path for parent in parents for path in (root / "app" / parent).glob("*")]
    found = []
    for path in sorted(below):
        name = ".".join(path.relative_to(root / "app").with_suffix("").parts)
        code = path.suffix == ".py" or (path.is_dir() and path.name not in NO_LAYER)
        if code and path.name != "__init__.py" and name not in named | parents:
            found.append(
                f"app/{name}: in no layer; say in pyproject.toml what it may import and who may import it"
            )
    found += [
        f"{path.parent.name}: a package at the root that import-linter does not read (root_packages)"
        for path in sorted(root.glob("*/__init__.py"))
        if path.parent.name not in {*linter["root_packages"], "tests", "migrations"}
    ]
    return found


def test_every_package_is_in_a_layer():
    nothing(unlayered(ROOT))


def test_a_package_without_a_layer_is_found(tmp_path):
    write(tmp_path, "pyproject.toml", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for name in ("app/models", "app/reports", "app/security/access", "app/security/gates", "desk"):
        write(tmp_path, f"{name}/__init__.py", "")
    write(tmp_path, "app/shortcuts.py", "")
    assert [finding.split(":")[0] for finding in unlayered(tmp_path)] == [
        "app/reports",
        "app/security.gates",
        "app/shortcuts",
        "desk",
    ]


PACKAGES = (
    "views", "tasks", "cli", "security", "security/login", "security/access", "declarations", "services",
    "workflow", "printing", "signing", "integrations", "models", "extensions",
)  # fmt: skip


@pytest.fixture
def sample_house(tmp_path):
    """The project's own contracts over empty packages."""
    write(tmp_path, "pyproject.toml", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for package in ("", *PACKAGES):
        write(tmp_path, f"app/{package}/__init__.py", "")
    write(tmp_path, "simulators/__init__.py", "")
    write(tmp_path, "app/declarations/renewal.py", "")
    write(tmp_path, "app/declarations/initial.py", "")
    return tmp_path


def _broken(root: Path) -> set[str]:
    program = (
        "import sys; sys.argv = ['lint-imports', '--no-cache', '--no-logo']; "
        "from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Analyzed" in done.stdout, done.stdout + done.stderr
    return set(re.findall(r"^(.*) BROKEN$", done.stdout, re.MULTILINE))


def test_the_contracts_hold_over_empty_packages(sample_house):
    assert _broken(sample_house) == set()


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("app/models/row.py", "import app.views", "Each layer imports only the layers below it"),
        ("app/views/screen.py", "import app.tasks", "Each layer imports only the layers below it"),
        (
            "app/security/access/scope.py",
            "import app.workflow",
            "Each layer imports only the layers below it",
        ),
        (
            "app/declarations/renewal.py",
            "import app.declarations.initial",
            "Kinds of declarations do not know",
        ),
        ("app/services/register.py", "from flask import g", "Rules, data and paper do not know the web"),
        ("app/integrations/registry.py", "from flask import g", "Rules, data and paper do not know the web"),
        ("app/integrations/registry.py", "import app.services", "Each layer imports only the layers below"),
        ("app/integrations/registry.py", "import simulators", "The platform and the simulators of other"),
        ("simulators/registry.py", "import app.integrations", "The platform and the simulators of other"),
        ("app/printing/render.py", "import PyKCS11", "PyKCS11 is imported by the signer process alone"),
    ],
)
def test_an_import_against_the_contract_is_found(sample_house, file, line, contract):
    write(sample_house, file, line + "\n")
    assert [name for name in _broken(sample_house) if name.startswith(contract)]


def test_the_signer_process_may_import_pykcs11(sample_house):
    write(sample_house, "app/signing/signer.py", "import PyKCS11\n")
    assert _broken(sample_house) == set()
