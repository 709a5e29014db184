"""Masks hide what they are for."""

import pytest

from app.models.personal import mask_id_number, public_id_mask


@pytest.mark.parametrize(
    ("number", "officers", "public"),
    [
        ("439900198506150019", "4399**********0019", "4399*************9"),
        ("E12345678", "E123****5678", "E**********8"),
        ("C1234567", "********", "********"),
        ("", "", ""),
    ],
)
def test_the_public_reads_less_of_a_number_than_officers(number, officers, public):
    assert mask_id_number(number) == officers
    assert public_id_mask(officers) == public
