"""Pictures to upload while trying out: photos, ID cards and papers of nobody, marked as samples."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from app.cli.demo import pictures  # noqa: E402 - the project is found from here on

MAN, WOMAN = 2, 5
_BLUE = "#5b9bd5"

DRAWN = {
    "photo-man.jpg": pictures.portrait(MAN),
    "photo-woman.jpg": pictures.portrait(WOMAN),
    "photo-blue-background.jpg": pictures.portrait(MAN, background=_BLUE),
    "id-front.jpg": pictures.id_card_front(MAN),
    "id-back.jpg": pictures.id_card_back(),
    "id-in-hand.jpg": pictures.id_card_in_hand(MAN),
    "signature.jpg": pictures.signature("演示"),
    "commitment.jpg": pictures.sheet("个人承诺书"),
    "diploma.jpg": pictures.sheet("毕业证书"),
    "qualification.jpg": pictures.sheet("资格证书"),
    "employment-contract.jpg": pictures.sheet("劳动合同"),
    "business-licence.jpg": pictures.sheet("营业执照"),
}


def main() -> None:
    folder = FOLDER / "pictures"
    folder.mkdir(exist_ok=True)
    for name, data in DRAWN.items():
        (folder / name).write_bytes(data)
        print(f"samples/pictures/{name}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
