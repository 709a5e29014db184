"""How paper is made: plain values in, PDF bytes out."""
