import nox

TOOLS = ("pytest", "iniconfig")


@nox.session
def docs(session):
    session.install("no-such-package-on-any-index-1")


@nox.session(python=["3.9", "3.13"], name="unit-tests")
def run_the_tests(session):
    session.install("-e", ".", *TOOLS)
    session.run("pytest")
