"""Papers as answers: in which language they are printed, and how a browser gets them."""

from flask_babel import get_locale
from werkzeug.wrappers import Response

from app.printing.documents import Language
from app.views.kit.exporting import disposition


def language() -> Language:
    """The language that a print is made in: that of the page it was asked for on."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def pdf_answer(pdf: bytes, name: str) -> Response:
    answer = Response(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = disposition(f"{name}.pdf", inline=False)
    return answer
