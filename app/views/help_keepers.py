"""The guides of those who keep the platform and watch over it, and of everybody who has no account."""

from flask_babel import lazy_gettext as _l

from app.views.help_chapters import LOGIN_OFFICER, Chapter, Guide

PROVINCIAL_ADMINISTRATOR = Guide(
    "provincial-administrator",
    "adjustments",
    _l("Provincial administrator"),
    _l("The values, days and words by which everybody else works."),
    (
        LOGIN_OFFICER,
        Chapter(
            "policies",
            _l("Policy values"),
            (
                _l("Days, windows, age limits and formats are policy values: each holds from a day on and names what "
                   "it rests on. What was decided under a value stays decided."),
                _l("A value that begins on a later day is planned; it can be changed or deleted until then, and what "
                   "holds already is replaced by a new one."),
            ),
        ),
        Chapter(
            "calendar",
            _l("Holidays, dictionaries and regions"),
            (
                _l("Enter the days off that differ from the national calendar; all terms are counted by them."),
                _l("Words of the dictionaries that went out of use are switched off; old cases keep them."),
                _l("A region that changes its name or ends gets a last day; what was filed before keeps its name."),
            ),
        ),
    ),
)  # fmt: skip

ADMINISTRATOR = Guide(
    "administrator",
    "users",
    _l("System administrator"),
    _l("Accounts, and whether the platform runs as it should."),
    (
        LOGIN_OFFICER,
        Chapter(
            "accounts",
            _l("Accounts"),
            (
                _l("Open and disable accounts, give new passwords and reset authenticators. You see no declaration."),
                _l("A password that you give has to be changed at the first login."),
            ),
        ),
        Chapter(
            "operation",
            _l("Operation"),
            (
                _l("The home page shows jobs, disk space and whether the audit trail is sealed."),
            ),
        ),
    ),
)  # fmt: skip

AUDITOR = Guide(
    "auditor",
    "shield-lock",
    _l("Auditor"),
    _l("Who saw, changed, exported or printed what."),
    (
        LOGIN_OFFICER,
        Chapter(
            "audit",
            _l("The audit trail"),
            (
                _l("Read who saw, changed, exported or printed what; the lines are chained and cannot be changed."),
                _l("Filter by day, person, action, subject and outcome: refused look-ups, reveals and logins stand "
                   "there beside those that went through."),
                _l("The lines hold no personal data but the name of whoever acted; export what a report needs."),
            ),
        ),
    ),
)  # fmt: skip

EVERYBODY = Guide(
    "everybody",
    "world",
    _l("Everybody"),
    _l("What can be read without an account."),
    (
        Chapter(
            "lists",
            _l("Publicity, announcements and objections"),
            (
                _l("Read the lists in publicity; until the last day anybody may raise an objection to a person on "
                   "them, with name, contact and facts."),
                _l("Add up to %(most_files)s pictures or PDF files that show it; the provincial authority alone reads "
                   "them."),
                _l("Keep the receipt number: with it and your name you see how the objection stands."),
            ),
        ),
        Chapter(
            "verification",
            _l("Verify a certificate"),
            (
                _l("Verify a certificate by scanning its QR code or typing the code that stands in its address."),
                _l("The page says whether the certificate is valid, expired, replaced, cancelled, annulled or "
                   "revoked, since when and why."),
            ),
        ),
    ),
)  # fmt: skip
