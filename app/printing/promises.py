"""Promises: what each party of a declaration signs below its form (domain notes 6.1)."""

from app.printing.documents import Promise, Translate


def former_employer_promise(gettext: Translate) -> Promise:
    """原聘用企业意见 of a transfer (notes: 2.9)."""
    return Promise(
        gettext("Opinion of the former employer"),
        gettext("Our enterprise has ended the labour contract with this person and agrees to the transfer."),
        (gettext("Legal representative (signature)"), gettext("Enterprise (official seal)")),
    )


def applicant_promise(
    gettext: Translate, signature: bytes | None = None, *, gives_up: bool = False
) -> Promise:
    """申请人承诺, with the person's signature when it is on file; who gives up a registration claims no employment."""
    words = (
        gettext(
            "I ask for, or agree to, the cancellation of the registration named in this form. The particulars and the "
            "material that I hand in are true. I bear the legal responsibility for a false declaration."
        )
        if gives_up
        else gettext(
            "I am employed by this enterprise and by no other, have a labour contract with it and am insured "
            "through it. The particulars and the material that I hand in are true. I have concealed no "
            "circumstance under which registration is refused. I bear the legal responsibility for a false "
            "declaration."
        )
    )
    return Promise(gettext("Promise of the applicant"), words, (gettext("Applicant (signature)"),), signature)


def enterprise_promise(gettext: Translate, *, gives_up: bool = False) -> Promise:
    """聘用企业承诺; in a cancellation the enterprise may employ the person no longer."""
    words = (
        gettext(
            "Our enterprise asks for, or agrees to, the cancellation of the registration named in this form. We have "
            "examined the particulars and the material and found them true. We bear the legal responsibility for a "
            "false declaration."
        )
        if gives_up
        else gettext(
            "Our enterprise employs this person, has signed a labour contract and pays the social "
            "insurance. We have examined the particulars and the material of this declaration, found them "
            "true and agree to it. We bear the legal responsibility for a false declaration."
        )
    )
    return Promise(
        gettext("Promise of the employing enterprise"),
        words,
        (gettext("Legal representative (signature)"), gettext("Enterprise (official seal)")),
    )
