"""Install the system packages that the tests use, or say in one sentence which one is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def a_program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def a_file(*patterns: str) -> Callable[[], bool]:
    return lambda: any(next(Path("/").glob(pattern), None) for pattern in patterns)


# Package → (what it is for, how to see that it is there). Only the standard library is used, because this
# runs before anything was installed.
NEEDED: dict[str, tuple[str, Callable[[], bool]]] = {
    "postgresql": ("the tests on PostgreSQL", a_file("usr/lib/postgresql/*/bin/initdb")),
    "chromium": ("the tests in the browser", a_program("chromium", "chromium-browser", "google-chrome")),
    "poppler-utils": ("reading printed pages", a_program("pdftotext")),
    "zbar-tools": ("reading QR codes", a_program("zbarimg")),
    "softhsm2": ("signing with a key in a token", a_file("usr/lib/softhsm/*.so", "usr/lib/*/softhsm/*.so")),
    "fonts-noto-cjk": (
        "Chinese in the browser's pictures",
        a_file("usr/share/fonts/opentype/noto/NotoSansCJK*"),
    ),
}


def package_name(package: str) -> str:
    """The same package as this distribution calls it."""
    release = Path("/etc/os-release")
    on_ubuntu = release.exists() and "ID=ubuntu" in release.read_text(encoding="utf-8").splitlines()
    return "chromium-browser" if package == "chromium" and on_ubuntu else package


def as_root() -> list[str] | None:
    """Words to put before a command so that it runs as root, or None when nobody may."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def install(packages: list[str], prefix: list[str]) -> bool:
    apt = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]
    subprocess.run([*apt, "update"], check=False)
    wanted = [*apt, "install", "-y", "--no-install-recommends", *packages]
    return subprocess.run(wanted, check=False, stdout=subprocess.DEVNULL).returncode == 0


def main() -> int:
    missing = [package for package, (_, present) in NEEDED.items() if not present()]
    if not missing:
        return 0
    names = [package_name(package) for package in missing]
    for package in missing:
        print(f"{package_name(package)} is missing ({NEEDED[package][0]}).")
    prefix = as_root()
    if prefix is not None and shutil.which("apt-get"):
        print(f"Installing {' '.join(names)} …", flush=True)
        if install(names, prefix) and all(NEEDED[package][1]() for package in missing):
            return 0
    print(f"The tests need these packages; install them and try again: sudo apt install {' '.join(names)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
