"""Make the next numbered migration from the difference between the models and the migrations before it."""

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))


def main() -> int:
    from app import create_app  # noqa: PLC0415 - the path is set above
    from config import Config  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message", help='what it does: "add renewal"')
    message = parser.parse_args().message
    before = sorted((HERE / "versions").glob("[0-9]*.py"))
    number = f"{int(before[-1].name[:4]) + 1 if before else 1:04}"
    with TemporaryDirectory() as folder:
        place = Path(folder)
        app = create_app(Config(data_dir=place / "data", key_file=place / "keys/master.json"))
        with app.app_context():
            if before:
                flask_migrate.upgrade()
            flask_migrate.migrate(message=message, rev_id=number)
    made = sorted(set((HERE / "versions").glob("[0-9]*.py")) - set(before))
    if not made:
        print("The models and the migrations are equal; there is nothing to do.")
        return 0
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", *map(str, made)], check=True)
    print(
        f"{made[0].relative_to(HERE.parent)}: read it, and correct what a machine cannot know (names, data)."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
