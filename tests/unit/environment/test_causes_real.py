"""Last lines that installers and pytest really printed, shortened, and what is made of them."""

import pytest

from hitrate.environment.causes import COMPILER, cause_of

POETRY = """\
    | Unable to find installation candidates for babel (2.17.0)
    |
    | This is likely not a Poetry issue.
    |
    |   - 0 candidate(s) were identified for the package
    |
    | Solutions:
    | Make sure the lockfile is up-to-date. You can try one of the following;
"""
POETRY_1 = """\
Installing dependencies from lock file
Package operations: 58 installs, 0 updates, 0 removals
  - Installing six (1.16.0)
  RuntimeError
  Unable to find installation candidates for six (1.16.0)
  at /p/lib/python3.13/site-packages/poetry/installation/chooser.py:74 in choose_for
Cannot install six.
"""
PDM = """\
running build_ext
building '_cffi_backend' extension
gcc -fno-strict-overflow -Wsign-compare -DNDEBUG -g -O3 -Wall -fPIC
-DFFI_BUILDING=1 -I/usr/include/ffi -I/usr/include/libffi
build/temp.linux-x86_64-cpython-313/src/c/_cffi_backend.o
error: [Errno 2] No such file or directory: 'gcc'
  0:01:44 ✖ Some package operations failed. 1/1
[InstallationError]: Some package operations failed.
WARNING: Add '-v' to see the detailed traceback
"""
UV_DNS = """\
Using Python 3.13.0 environment at: /p/environment
error: Request failed after 3 retries in 9.7s
  cause: Failed to fetch: https://example.org/archive/main.tar.gz
  cause: client error (Connect)
  cause: dns error
  cause: failed to lookup address information: Name or service not known
"""
BACKEND_DNS = """\
           File "/usr/local/lib/python3.13/urllib/request.py", line 1322, in do_open
             raise URLError(err)
         urllib.error.URLError: <urlopen error [Errno -2] Name or service not known>
hint: Build failures usually indicate a problem with the package or the build environment
"""
SCM = """\
             raise LookupError(error_msg)
         LookupError: setuptools-scm was unable to detect version for /p.

         Make sure you're either building from a fully intact git repository or PyPI tarballs. Most other
         sources (such as GitHub's tarballs, a git checkout without the .git folder) don't contain the
         necessary metadata and will not work.
hint: Build failures usually indicate a problem with the package or the build environment
"""
HATCH_VCS = """\
             raise type(e)(message) from None
         LookupError: Error getting the version from source `vcs`: \
setuptools-scm was unable to detect version for /p.
"""
HEADER = """\
         building 'lib' extension
         gcc -fno-strict-overflow -Wsign-compare -DNDEBUG -g -O3 -Wall -fPIC -c lib.c -o /t/lib.o

         [stderr]
         lib.c:1:10: fatal error: nothere/x.h: No such file or directory
             1 | #include <nothere/x.h>
               |          ^~~~~~~~~~~~~
         compilation terminated.
         error: Command '['gcc', '-c', 'lib.c', '-o', '/t/lib.o']' returned non-zero exit status 1.

hint: This error likely indicates that you need to install a library that provides `nothere/x.h` for `lib`
"""
NO_GCC = """\
         running build_ext
         building 'lib' extension
         gcc -fno-strict-overflow -Wsign-compare -DNDEBUG -g -O3 -Wall -fPIC -c lib.c -o /t/lib.o

         [stderr]
         error: [Errno 2] No such file or directory: 'gcc'

hint: Build failures usually indicate a problem with the package or the build environment
"""
UV_PYTHON = """\
Using Python 3.13.0 environment at: /p/environment
error: No solution found when resolving dependencies
  cause: Because the current Python version (3.13) does not satisfy Python>=3.15 and lib==1 depends on
         Python>=3.15, we can conclude that lib==1 cannot be used.
"""
SERVICE = """\
>               sock.connect(sa)
E               ConnectionRefusedError: [Errno 111] Connection refused

/usr/local/lib/python3.13/socket.py:849: ConnectionRefusedError
=========================== short test summary info ============================
FAILED test_a.py::test_socket - ConnectionRefusedError: [Errno 111] Connectio...
1 failed in 0.79s
"""
VARIABLE = """\
key = 'DATABASE_URL'

>   ???
E   KeyError: 'DATABASE_URL'

<frozen os>:716: KeyError
=========================== short test summary info ============================
FAILED test_a.py::test_var - KeyError: 'DATABASE_URL'
"""
FIXTURE = """\
file /p/test_a.py, line 7
  def test_fixture(mocker): pass
E       fixture 'mocker' not found
>       available fixtures: cache, capfd, capfdbinary, caplog, capsys, capsysbinary
>       use 'pytest --fixtures [testpath]' for help on them.

/p/test_a.py:7
=========================== short test summary info ============================
ERROR test_a.py::test_fixture
"""
ARGUMENTS = """\
ERROR: usage: python -m pytest [options] [file_or_dir] [file_or_dir] [...]
python -m pytest: error: unrecognized arguments: --cov=lib
  inifile: None
  rootdir: /p
"""
MODULE = """\
/usr/local/lib/python3.13/importlib/__init__.py:88: in import_module
    return _bootstrap._gcd_import(name[level:], package, level)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
test_b.py:1: in <module>
    import trustme
E   ModuleNotFoundError: No module named 'trustme'
=========================== short test summary info ============================
ERROR test_b.py
!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!!!!
"""


@pytest.mark.parametrize(
    ("output", "words"),
    [
        pytest.param(POETRY, "the locked babel (2.17.0)", id="poetry"),
        pytest.param(POETRY_1, "the locked six (1.16.0)", id="poetry-1"),
        pytest.param(PDM, COMPILER, id="pdm, no compiler"),
        pytest.param(NO_GCC, COMPILER, id="uv, no compiler"),
        pytest.param(UV_DNS, "a host could not be reached", id="uv, no host"),
        pytest.param(BACKEND_DNS, "a host could not be reached", id="build backend, no host"),
        pytest.param(SCM, "fetch-depth: 0", id="setuptools-scm"),
        pytest.param(HATCH_VCS, "fetch-depth: 0", id="hatch-vcs"),
        pytest.param(HEADER, "needs nothere/x.h", id="header"),
        pytest.param(UV_PYTHON, "set python-version", id="uv, Python too old"),
        pytest.param(SERVICE, "services", id="service"),
        pytest.param(VARIABLE, "DATABASE_URL: name it in pass-env", id="variable"),
        pytest.param(FIXTURE, "that has mocker", id="fixture"),
        pytest.param(ARGUMENTS, "that has --cov", id="arguments"),
        pytest.param(MODULE, "trustme is not installed", id="module"),
    ],
)
def test_real_output_is_understood(output: str, words: str) -> None:
    told = cause_of(output)
    assert told is not None
    assert words in told
    assert "\n" not in told
