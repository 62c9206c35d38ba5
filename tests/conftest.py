"""Settings that hold for every test."""

import os
import signal

from hypothesis import settings

# A deadline would make every property a timed test: machines are noisy. A suite that decides what lands gives
# one answer for one commit; `HYPOTHESIS_PROFILE=exploring` looks for new examples (CONTRIBUTING.md).
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("exploring", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# A shell's background job is started deaf to these, and all its children would be: tests that interrupt one
# would wait for ever. A handler here does what being deaf does, but is not handed down.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, lambda *_: None)

# A PATH may name Python and git alone: what every POSIX system has (sleep, cat, kill) lies where it says.
if missing := [
    place for place in os.defpath.split(os.pathsep) if place not in os.environ["PATH"].split(os.pathsep)
]:
    os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *missing])
