"""Fetch the vendored assets again, by package name and fixed version, through npm (`python app/static/vendor/fetch.py`)."""

import gzip
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSIONS = {"@tabler/core": "1.6.1", "@tabler/icons": "3.51.0", "bootstrap": "5.3.9"}
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_EMPTY_SHAPE = re.compile(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def unpack(package: str, folder: Path) -> Path:
    """The unpacked package of the version above."""
    command = ["npm", "pack", "--silent", f"{package}@{VERSIONS[package]}", "--pack-destination", str(folder)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    target = folder / package.replace("/", "-")
    with tarfile.open(folder / name) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def without_map(text: str) -> str:
    """The maps are not vendored, so the file must not ask for one."""
    return re.sub(r"\s*/[*/]# sourceMappingURL=[^*\n]*(\*/)?", "", text) + "\n"


def sprite(icons: Path) -> str:
    """One file with a <symbol> for each icon that icons.txt names."""
    symbols = []
    for name in sorted((HERE / "icons.txt").read_text(encoding="utf-8").split()):
        source = (icons / f"{name}.svg").read_text(encoding="utf-8")
        found = _SHAPES.search(source)
        if found is None:
            sys.exit(f"{name}.svg is not as expected; look at the package.")
        shapes = " ".join(_EMPTY_SHAPE.sub("", found[1]).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    drawing = (
        'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" {drawing}>\n' + "\n".join(symbols) + "\n</svg>\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        core, icons, bootstrap = (unpack(package, folder) for package in VERSIONS)
        style = without_map((core / "dist/css/tabler.min.css").read_text(encoding="utf-8"))
        for part in ("tabler", "icons"):
            (HERE / part).mkdir(exist_ok=True)
        (HERE / "tabler/tabler.min.css").write_text(style, encoding="utf-8")
        # Without a time in it, so that the same file is packed into the same bytes.
        (HERE / "tabler/tabler.min.css.gz").write_bytes(gzip.compress(style.encode(), mtime=0))
        (HERE / "icons/icons.svg").write_text(sprite(icons / "icons/outline"), encoding="utf-8")
        shutil.copy(icons / "LICENSE", HERE / "icons/LICENSE")
        shutil.copy(bootstrap / "LICENSE", HERE / "tabler/LICENSE-bootstrap")
        (HERE / "VERSIONS").write_text(
            "".join(f"{package} {version}\n" for package, version in VERSIONS.items()), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
