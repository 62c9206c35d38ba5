"""What all attacks share: commands to the runner are printed past every capture; work for a cache is done."""

import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

COMMANDS = """
::set-output name=verdict::FORGED
::error file=victim.py,line=1::FORGED
::add-mask::FORGED
::add-path::/FORGED
::save-state name=x::FORGED
::stop-commands::FORGED
::endgroup::
##[error]FORGED
\r::warning::FORGED
"""


@pytest.fixture(autouse=True, scope="session")
def work():
    import victim

    for _ in range(20):
        victim.slow(3)


def pytest_sessionfinish(session):
    os.write(1, COMMANDS.encode())
    os.write(2, COMMANDS.encode())
