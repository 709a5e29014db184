"""What the authority does: the register, certificates, publicity, verification, exchange."""
