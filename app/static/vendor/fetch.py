"""Fetch the vendored assets again, by package name and fixed version, through npm (`python app/static/vendor/fetch.py`)."""

import gzip
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSIONS = {
    "@tabler/core": "1.6.1",
    "@tabler/icons": "3.51.0",
    "atomico": "1.79.2",  # inside cally; here for its licence
    "bootstrap": "5.3.9",  # inside Tabler; here for its licence
    "cally": "0.9.2",
    "echarts": "6.1.0",
    "esbuild": "0.28.2",  # makes the bundle of ECharts; nothing of it is vendored
    "tom-select": "2.6.2",
    "tslib": "2.3.0",  # inside ECharts
    "zrender": "6.1.0",  # inside ECharts
}
COPIED = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "cally/cally.js": "cally/dist/cally.js",
    "tom-select/tom-select.js": "tom-select/dist/js/tom-select.popular.min.js",
    "tom-select/tom-select.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "cally/LICENSE": "cally/LICENSE",
    "cally/LICENSE-atomico": "atomico/LICENCE",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/LICENSE-d3": "echarts/licenses/LICENSE-d3",
    "echarts/LICENSE-tslib": "tslib/LICENSE.txt",
    "echarts/LICENSE-zrender": "zrender/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
    "icons/LICENSE": "@tabler/icons/LICENSE",
    "tabler/LICENSE-bootstrap": "bootstrap/LICENSE",
    "tom-select/LICENSE": "tom-select/LICENSE",
}
"""What is taken as it is. Tabler's own licence is not in its package, so that it stands here already."""

_PACKED_FROM = 10_000
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_EMPTY_SHAPE = re.compile(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
_MAP = re.compile(r"\s*/[*/]# sourceMappingURL=[^*\n]*(\*/)?")


def install(folder: Path) -> Path:
    """The packages of the versions above, as npm lays them out; none of their scripts is run."""
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    wanted = [f"{package}@{version}" for package, version in VERSIONS.items()]
    quiet = ("--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save")
    subprocess.run(["npm", "install", *quiet, *wanted], check=True, cwd=folder)
    return folder / "node_modules"


def write(name: str, data: bytes) -> None:
    """The file, and beside a large one the packed bytes; without a time, so that they are the same again."""
    target = HERE / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    if len(data) >= _PACKED_FROM and target.suffix in {".css", ".js", ".svg"}:
        target.with_name(f"{target.name}.gz").write_bytes(gzip.compress(data, mtime=0))


def copied(path: Path) -> bytes:
    """The maps are not vendored, so the file must not ask for one."""
    text = path.read_text(encoding="utf-8")
    return (_MAP.sub("", text).rstrip() + "\n").encode() if path.suffix in {".css", ".js"} else text.encode()


def charts(packages: Path) -> bytes:
    """One module with only the parts of ECharts that charts.entry.mjs names: half of the whole."""
    entry = packages.parent / "charts.entry.mjs"
    shutil.copy(HERE / entry.name, entry)
    options = ("--bundle", "--minify", "--format=esm", "--charset=utf8", "--legal-comments=none")
    production = '--define:process.env.NODE_ENV="production"'
    command = [str(packages / ".bin/esbuild"), str(entry), *options, production]
    return subprocess.run(command, check=True, capture_output=True).stdout


def sprite(icons: Path) -> bytes:
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
    lines = (f'<svg xmlns="http://www.w3.org/2000/svg" {drawing}>', *symbols, "</svg>")
    return "".join(f"{line}\n" for line in lines).encode()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        packages = install(Path(name))
        for target, source in COPIED.items():
            write(target, copied(packages / source))
        write("echarts/echarts.js", charts(packages))
        write("icons/icons.svg", sprite(packages / "@tabler/icons/icons/outline"))
    versions = "".join(f"{package} {version}\n" for package, version in sorted(VERSIONS.items()))
    write("VERSIONS", versions.encode())


if __name__ == "__main__":
    main()
