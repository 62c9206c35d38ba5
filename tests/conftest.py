"""Settings that hold for every test."""

import signal

from hypothesis import settings

# A deadline would make every property a timed test: machines are noisy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A shell's background job is started deaf to these, and all its children would be: tests that interrupt one
# would wait for ever. A handler here does what being deaf does, but is not handed down.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda *_: None)
