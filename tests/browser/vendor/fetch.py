"""Fetch the accessibility checker of the browser tests again, through npm (`python tests/browser/vendor/fetch.py`)."""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGE = "axe-core@4.14.1"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = ["npm", "pack", "--silent", PACKAGE, "--pack-destination", name]
        packed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
        with tarfile.open(folder / packed) as archive:
            archive.extractall(folder, filter="data")
        for file in ("axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt"):
            shutil.copy(folder / "package" / file, HERE / file)


if __name__ == "__main__":
    main()
