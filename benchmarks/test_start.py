"""How long a start takes: those who develop wait for it many times a day, users after an update."""

import time

from tests.test_start import Started

SECONDS = 5.0


def test_a_second_start_is_quick(tmp_path):
    first = Started(tmp_path)
    first.read_until("Demo accounts")
    first.stop()
    second = Started(tmp_path)
    second.read_until(f"http://127.0.0.1:{second.port}/")
    took = time.monotonic() - second.begun
    second.stop()
    for one in (first, second):
        one.process.stdout.close()
    print(f"second start: {took:.1f} s (at most {SECONDS:.0f} s)")
    assert took < SECONDS
