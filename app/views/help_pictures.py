"""The pictures of the guides: which stand in which chapter, and what each of them shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

FOLDER = "help"
"""Under app/static; `make pictures` writes what is in it."""


@dataclass(frozen=True)
class Picture:
    """One page of the demonstration, photographed: what it is, for who cannot see it, and what to look at."""

    name: str
    alt: Any
    caption: Any
    phone: bool = False

    @property
    def file(self) -> str:
        return f"{FOLDER}/{self.name}.webp"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, so that nothing jumps while the picture is fetched."""
        return (360, 740) if self.phone else (1200, 750)


PICTURES: Mapping[str, Mapping[str, Sequence[Picture]]] = {
    "individual": {
        "login": (
            Picture(
                "login",
                _l("The login page with its three entrances"),
                _l(
                    "Choose the entrance for individuals; the two others are for enterprises and authorities."
                ),
            ),
        ),
        "real-name": (
            Picture(
                "real-name",
                _l("The form of the real-name check"),
                _l("Personal data first, the pictures below. What is typed is kept by itself."),
            ),
        ),
        "confirm": (
            Picture(
                "confirm",
                _l("A cancellation that waits for the person's answer"),
                _l(
                    "What the enterprise asks stands on one page; agree or disagree with the buttons at the top."
                ),
            ),
        ),
        "cancellation": (
            Picture(
                "personal-cancellation",
                _l("A cancellation that the person has begun"),
                _l("The course of the case tells who has to answer and until when."),
            ),
        ),
        "cases": (
            Picture(
                "person-home",
                _l("The home page of a person on a phone"),
                _l("Where your case stands, who holds it, and what happens next, also on a phone."),
                phone=True,
            ),
        ),
    },
    "enterprise": {
        "basics": (
            Picture(
                "enterprise",
                _l("Basic information of an enterprise"),
                _l(
                    "Basic information, papers and qualifications have to be complete before the first submission."
                ),
            ),
        ),
        "filing": (
            Picture(
                "picker",
                _l("Choosing the certificate for a renewal"),
                _l(
                    "Find the constructor by a part of the name or the whole ID number, and choose the certificate."
                ),
            ),
            Picture(
                "form",
                _l("A returned declaration in its form, with the checklist beside it"),
                _l("The reasons stand at their fields, and the checklist says what the rules still miss."),
            ),
            Picture(
                "papers",
                _l("The papers of a declaration in its form"),
                _l("Each paper has its place: drop files there or choose them; a click opens what is there."),
            ),
            Picture(
                "declarations",
                _l("The list of initial registrations"),
                _l("Add, search, filter and export; each row offers what can be done with it now."),
            ),
        ),
        "many": (
            Picture(
                "roster",
                _l("The roster of an enterprise with the renewal radar"),
                _l("Who can be renewed now, and until when; tick several and make their drafts at once."),
            ),
            Picture(
                "workbook",
                _l("A workbook with many declarations after its check"),
                _l("Good rows become drafts; each wrong cell is named with its row and column."),
            ),
        ),
        "confirming": (
            Picture(
                "confirming",
                _l("A person's cancellation that waits for the enterprise"),
                _l("With consent the registration is cancelled at once; whoever disagrees gives a reason."),
            ),
        ),
        "queries": (
            Picture(
                "certificates",
                _l("The electronic certificates of an enterprise"),
                _l("Who is registered and until when; tick several to print their certificates in one file."),
            ),
            Picture(
                "history",
                _l("The historical records of an enterprise's constructors"),
                _l("Every registration by status and kind; its page holds the whole history."),
            ),
        ),
    },
    "municipal": {
        "review": (
            Picture(
                "work-list",
                _l("The work list of a city"),
                _l("What waits for you, the most urgent first; filters stand as chips above the rows."),
            ),
            Picture(
                "workbench",
                _l("The workbench with a declaration and its papers"),
                _l("The declaration on the left, its papers on the right, the decision below."),
            ),
        ),
        "counter": (
            Picture(
                "counter",
                _l("The real-name check at the counter"),
                _l("Compare the person with the pictures, and pass or reject the check."),
            ),
        ),
    },
    "provincial": {
        "deciding": (
            Picture(
                "decision",
                _l("The work list of the province"),
                _l("Tick several cases to decide them at once; a plan shows first what will be done."),
            ),
        ),
        "publicity": (
            Picture(
                "publicity",
                _l("The desk of publicity and announcements"),
                _l(
                    "What was approved is put on a list; what was publicised is announced by a second person."
                ),
            ),
        ),
        "acts": (
            Picture(
                "acts",
                _l("An act on the register that waits for the second officer"),
                _l(
                    "Ground, document and evidence on one page; another officer carries it out or declines it."
                ),
            ),
        ),
        "register": (
            Picture(
                "import",
                _l("An import of qualifications after its dry run"),
                _l("Every fault with its row and column; nothing is loaded before you say so."),
            ),
            Picture(
                "history-import",
                _l("The imports of historical records"),
                _l("Fetch the template, upload the filled workbook, and read what its dry run found."),
            ),
        ),
    },
    "provincial-administrator": {
        "policies": (
            Picture(
                "policies",
                _l("The policy values"),
                _l(
                    "Each value holds from a day on; what is planned stands in the list beside what holds today."
                ),
            ),
        ),
        "calendar": (
            Picture(
                "holidays",
                _l("The days off that the province has entered"),
                _l("Only what differs from the national calendar is entered; all terms are counted by it."),
            ),
        ),
    },
    "administrator": {
        "accounts": (
            Picture(
                "accounts",
                _l("The accounts of the platform"),
                _l("Disable and enable accounts, give new passwords and reset authenticators."),
            ),
        ),
    },
    "auditor": {
        "audit": (
            Picture(
                "audit",
                _l("The audit trail"),
                _l("Who did what, when, from where, and how it ended; open a line to read its details."),
            ),
        ),
    },
    "everybody": {
        "lists": (
            Picture(
                "lists",
                _l("A list in publicity as everybody reads it"),
                _l(
                    "Search for a name or an enterprise; each line leads to the objection while the list is open."
                ),
            ),
            Picture(
                "objection",
                _l("The form of an objection"),
                _l("Name, contact and facts, and up to three files; the receipt number follows."),
            ),
            Picture(
                "receipt",
                _l("The page that tells how an objection stands"),
                _l("The receipt number and your name bring up the answer of the province."),
            ),
        ),
    },
}
"""By guide and chapter (help_guides.py)."""
