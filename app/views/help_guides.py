"""The guides of the help: one for each role, in chapters, in the order in which somebody meets the screens."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.views.help_chapters import LOGIN_OFFICER, Chapter, Guide
from app.views.help_keepers import ADMINISTRATOR, AUDITOR, EVERYBODY, PROVINCIAL_ADMINISTRATOR

INDIVIDUAL = Guide(
    "individual",
    "user",
    _l("Second-grade constructors"),
    _l("From the real-name check to your certificate, and what to do when you are asked."),
    (
        Chapter(
            "login",
            _l("Logging in"),
            (
                _l("Log in at the entrance for individuals with the ID number or the mobile number; the first "
                   "password comes from the competent authority."),
                _l("Change the password under your name at the top; “My sessions” shows where you are logged in and "
                   "ends what you do not know."),
            ),
        ),
        Chapter(
            "real-name",
            _l("Real-name check of a person"),
            (
                _l("Complete the personal data, upload both sides of the identity card, the signature and the "
                   "statement, and send the real-name check in."),
                _l("The city's counter compares the papers with the person; after that every enterprise can find "
                   "you when it declares."),
                _l("What was verified cannot be changed by you. A wrong ID number is corrected by the declaration "
                   "of your enterprise."),
            ),
        ),
        Chapter(
            "face-check",
            _l("Face check"),
            (
                _l("Where the platform is connected with a face verification, you may do the face check instead of "
                   "going to the counter. Nobody has to; the counter verifies everybody."),
                _l("Complete your data and pictures, agree to this use of your face, scan the code with your "
                   "telephone, do what its page tells you, and press “See the result”. Who passes is verified at "
                   "once."),
                _l("You may begin %(face_checks_per_day)s checks in 24 hours. The picture is deleted "
                   "%(face_picture_hours)s hours after the result; you may withdraw your consent before."),
                _l("Whom the counter has rejected, and who changes name, number or pictures while a check is under "
                   "way, is not verified by it."),
            ),
        ),
        Chapter(
            "confirm",
            _l("When you are asked to confirm"),
            (
                _l("Your enterprise may ask you to agree to the end of your registration: the request lies under "
                   "“Confirm a cancellation”, and a notice tells you of it."),
                _l("You have %(confirmation_days)s working days. Agree, and the registration is cancelled at once; "
                   "disagree with a reason, and the case goes back to the enterprise."),
                _l("Who gives no answer is reminded. Then the enterprise may hand the case with evidence to the "
                   "province, which decides in your place."),
            ),
        ),
        Chapter(
            "cancellation",
            _l("Cancelling a registration yourself"),
            (
                _l("Begin it under “Cancellations by the person”, choose all or some specialties and the ground, and "
                   "submit it. Your enterprise confirms it."),
                _l("If the enterprise refuses or keeps silent for %(confirmation_days)s working days, add evidence "
                   "and ask the province to decide."),
                _l("After a complete cancellation you may be registered again: an enterprise files a "
                   "re-registration, and you keep your registration number."),
            ),
        ),
        Chapter(
            "cases",
            _l("My declarations, notices and certificates"),
            (
                _l("Under “My declarations” you see where each case stands, who holds it, and until when."),
                _l("The bell at the top counts the notices that you have not read; each leads to what it is about."),
                _l("Before the end of a term you are reminded (days before: %(reminder_days)s). A renewal is filed by "
                   "your enterprise from %(renewal_opens_days)s to %(renewal_closes_days)s days before the end."),
                _l("After the announcement the electronic certificate lies under “Electronic certificates”; its QR "
                   "code leads to the live register."),
                _l("A term that was not renewed lapses the day after its end, and everything lapses after the "
                   "birthday at which you turn %(age_limit)s (temporary constructors: %(temporary_age_limit)s)."),
            ),
        ),
    ),
)  # fmt: skip

ENTERPRISE = Guide(
    "enterprise",
    "building",
    _l("Enterprises"),
    _l("Everything that an enterprise declares for its constructors, and what it has to confirm."),
    (
        Chapter(
            "login",
            _l("Logging in"),
            (
                _l("Log in with the account name and the password that the platform gave; the first password has to "
                   "be changed."),
                _l("Several people may use one account in at most three browsers at once; each of them is named "
                   "under “My sessions”."),
            ),
        ),
        Chapter(
            "basics",
            _l("Basic information, qualifications and questions"),
            (
                _l("Complete the enterprise's basic information, its qualifications and its papers; without them "
                   "nothing can be submitted."),
                _l("Name, credit code and city are changed under “Changes of the enterprise”: one application for all "
                   "your constructors, whose certificates follow a new name. Everything else is yours."),
                _l("“Download from the central registry” shows where your information differs from the registry's, and "
                   "takes only what you tick."),
                _l("Under “Enterprise questions” you ask your authority, with attachments. The city answers or "
                   "forwards the question to the province; a notice tells you of the answer."),
                _l("The bell at the top counts the notices that nobody of the enterprise has read yet."),
            ),
        ),
        Chapter(
            "filing",
            _l("Filing a declaration"),
            (
                _l("Choose the kind of declaration in the menu and add one. For a first registration find the person "
                   "by name and ID number; he must have passed the real-name check. For everything else choose the "
                   "certificate that it is about."),
                _l("While you fill the form in, the checklist beside it says what the rules still miss."),
                _l("What you type is kept by itself; a draft that nobody touches for %(draft_days)s days lapses."),
                _l("Submit. Afterwards the data is locked; it can be withdrawn until the authority has accepted it."),
                _l("Print the application form and, after the acceptance, the notice of acceptance."),
                _l("A returned case names its reasons at the fields; put them right and submit it again. The clock of "
                   "the authority stands still meanwhile."),
            ),
        ),
        Chapter(
            "many",
            _l("Roster and declarations for many"),
            (
                _l("“Roster and renewal radar” shows every constructor of yours, what can be filed for him today, and "
                   "when his window opens and closes. Tick several, and their drafts are made at once."),
                _l("“Declare by workbook” takes one workbook for many constructors, for renewals, additions and "
                   "cancellations: fetch the template, fill one row for each person, and upload it."),
                _l("The workbook is checked first by the rules of each form. It comes back with its wrong cells "
                   "marked; the good rows become drafts when you say so, and none is made twice."),
                _l("Add the papers to each draft, and submit the drafts together from their list."),
            ),
        ),
        Chapter("types", _l("The kinds of declarations"), (), types=True),
        Chapter(
            "confirming",
            _l("What the enterprise confirms"),
            (
                _l("A constructor who cancels his registration asks you under “Confirm cancellations by persons”; "
                   "with your consent the registration is cancelled at once."),
                _l("Another enterprise that takes over a temporary constructor asks you under “Confirm transfers of "
                   "temporary registrations”; with your consent the case goes to the province."),
                _l("Both wait for %(confirmation_days)s working days. Whoever disagrees gives a reason."),
            ),
        ),
        Chapter(
            "queries",
            _l("Queries"),
            (
                _l("“Electronic certificates” shows who is registered with you and until when, and prints the "
                   "signed certificates."),
                _l("“Declarations of the enterprise” shows every case with its state, its holder and the days left; "
                   "a mark tells who moves to you and who leaves you."),
                _l("“Historical records of constructors” holds every registration with its whole history, by status "
                   "and kind; what has left you stands under “Historical records of former constructors”."),
                _l("“Temporary transfers in and out” shows both employers of each transfer; the former one may agree "
                   "there."),
                _l("“Look-up of qualifications” finds the qualifications of a person by the ID number; each look-up "
                   "is recorded and counted."),
                _l("Lists can be filtered, sorted, saved as a view, and exported; personal data stays masked."),
            ),
        ),
        Chapter(
            "terms",
            _l("Terms and days"),
            (
                _l("The city accepts within %(acceptance_days)s working days, and silence counts as acceptance. City "
                   "and province each review within %(review_days)s working days, which may be extended once by "
                   "%(extension_days)s."),
                _l("The publicity lasts %(publicity_days)s working days; the certificate follows within "
                   "%(issue_days)s working days."),
                _l("A lost or damaged certificate is replaced within %(replacement_days)s working days of all "
                   "authorities together."),
                _l("A renewal is filed from %(renewal_opens_days)s to %(renewal_closes_days)s days before the end of "
                   "a term; you are reminded (days before: %(reminder_days)s)."),
                _l("In the last %(expiry_gate_days)s days of a term nothing but a cancellation may be filed."),
            ),
        ),
    ),
)  # fmt: skip

MUNICIPAL = Guide(
    "municipal",
    "shield-check",
    _l("Municipal authorities"),
    _l("From the acceptance to the opinion that goes to the province."),
    (
        LOGIN_OFFICER,
        Chapter(
            "review",
            _l("The work list"),
            (
                _l("The work list shows what waits for you, the most urgent first: green, amber and red for the "
                   "working days left."),
                _l("Open a case to see what is declared, its papers, what the rules found, and what changed since the "
                   "last return. While you have it open nobody else decides it."),
                _l("Accept within %(acceptance_days)s working days; after that the case counts as accepted."),
                _l("Return a case once, with all reasons at their fields. The clock stands still while the applicant "
                   "has it, and goes on with the days that were left."),
                _l("Endorse with a positive or a negative opinion within %(review_days)s working days. The term can "
                   "be extended once by %(extension_days)s, with a reason that the applicant reads."),
                _l("Over each case stands what other registers say: social insurance, projects under construction, "
                   "another registration. It informs you and decides nothing; a register that is down holds up "
                   "nobody."),
                _l("Several cases can be decided at once; a plan shows first which of them can and which cannot."),
            ),
        ),
        Chapter(
            "counter",
            _l("Counter, questions and figures"),
            (
                _l("At the counter compare the person, the original ID card and the pictures, and pass or reject the "
                   "real-name check."),
                _l("Answer the questions of the enterprises of your city, or forward them to the province."),
                _l("Changes of enterprises are reviewed by the present city and decided by the province."),
                _l("Statistics and home page count your city alone; each number leads to its list."),
            ),
        ),
        Chapter("types", _l("The kinds of declarations"), (), types=True),
    ),
)  # fmt: skip

PROVINCIAL = Guide(
    "provincial",
    "shield-check",
    _l("Provincial authority"),
    _l("Decision, publicity, announcement, and the register behind them."),
    (
        LOGIN_OFFICER,
        Chapter(
            "deciding",
            _l("Deciding"),
            (
                _l("Approve or refuse what the cities have endorsed, send it back to the city, or return it to the "
                   "applicant."),
                _l("Transfers of temporary constructors and cancellations without the consent of the other party come "
                   "to you directly, with their evidence."),
                _l("The home page names the cities in which cases are overdue; “With the cities” in the work list "
                   "shows them."),
            ),
        ),
        Chapter(
            "publicity",
            _l("Publicity and announcements"),
            (
                _l("Put approved cases on a list in publicity; it is open to objections for %(publicity_days)s "
                   "working days."),
                _l("An objection holds up its case until it is dismissed or upheld, with a reason. Its files and who "
                   "raised it are shown to you alone, and that you read them is recorded."),
                _l("After the publicity, announce within %(announcement_days)s working days. What is overdue, with you "
                   "or with a city, stands on your home page."),
                _l("Who approved a case does not announce its list: a second person does."),
                _l("With the announcement the register changes, and the certificates are signed and sealed by "
                   "themselves."),
            ),
        ),
        Chapter(
            "acts",
            _l("Acts on the register"),
            (
                _l("Annul a registration that should never have been given, revoke one as a penalty, or correct a row "
                   "that was entered wrongly: propose it under “Acts on the register” with document, reason and "
                   "evidence."),
                _l("A second officer carries it out or declines it; until then it can be withdrawn. Nobody decides "
                   "what he has proposed."),
                _l("The certificate ends in the same moment and says why to everybody who verifies it. After an "
                   "annulment nobody registers the person for %(annulment_bar_years)s years, after a revocation for "
                   "%(revocation_bar_years)s."),
                _l("Lock a registration, or a person as a whole, to hold up every step but a cancellation, with a "
                   "reason and, if need be, a last day."),
            ),
        ),
        Chapter(
            "register",
            _l("Register and library"),
            (
                _l("Import qualifications from a workbook: a dry run shows every fault before anything is loaded."),
                _l("“Import historical records” brings in what is older than the platform, and temporary constructors, "
                   "in the same way: template, dry run, the same workbook back with its wrong cells marked, and "
                   "loading, which may be interrupted and goes on."),
                _l("Each specialty is a row of its own. One that was cancelled before the others gets its own day in "
                   "“专业注销日期”; the others leave it empty."),
                _l("Terms lapse by themselves the day after their end, unless a case is open; the history keeps "
                   "every change."),
                _l("Answer the questions that the cities have forwarded."),
            ),
        ),
        Chapter("types", _l("The kinds of declarations"), (), types=True),
    ),
)  # fmt: skip

GUIDES: Mapping[str, Guide] = {
    one.key: one
    for one in (
        INDIVIDUAL, ENTERPRISE, MUNICIPAL, PROVINCIAL, PROVINCIAL_ADMINISTRATOR, ADMINISTRATOR, AUDITOR, EVERYBODY,
    )
}  # fmt: skip

TYPES: Mapping[str, Any] = {
    "initial_registration": _l(
        "For a person who was never registered. Needs a qualification and the real-name check."
    ),
    "re_registration": _l(
        "After a complete cancellation or a refusal. The registration number stays, the certificate number is new."
    ),
    "addition": _l("One more specialty for a registered person; the other specialties keep their ends."),
    "renewal": _l(
        "%(term_years)s more years for the chosen specialties, with proof of continuing education, never beyond the "
        "age limit."
    ),
    "replacement": _l(
        "After a loss, with the statement of loss, or after damage. The earlier certificate does not count any more."
    ),
    "cancellation": _l(
        "All or some specialties. The person confirms, and the registration is cancelled at once."
    ),
    "personal_cancellation": _l(
        "Begun by the person. The enterprise confirms, and the registration is cancelled at once."
    ),
    "id_correction": _l(
        "Only for a wrong number. The right one must match the qualification library or a proof of the police."
    ),
    "temporary_transfer": _l("The former employer consents, and the province decides. The terms stay."),
    "temporary_extension": _l("The end moves on, never beyond the age of %(temporary_age_limit)s."),
    "temporary_cancellation": _l("Reviewed by the city and the province."),
    "transfer": _l("Another employer for a registered constructor, where the province has opened it."),
}
"""What each kind of declaration is for, in one sentence."""
