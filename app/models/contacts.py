"""How telephone numbers, postal codes and addresses on the internet look, whoever tells them."""

TELEPHONE = r"(?:\+?[0-9]{1,4}[- ]?)?(?:\(?0?[0-9]{2,4}\)?[- ]?)?[0-9]{3,4}[- ]?[0-9]{4}(?:[-x转][0-9]{1,6})?"
POSTAL_CODE = r"[0-9]{6}"
EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
WEBSITE = (
    r"(?:https?://)?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}(?::[0-9]{1,5})?(?:/[^\s<>\"']{0,150})?"
)
