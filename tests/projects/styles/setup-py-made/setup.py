from pathlib import Path

from setuptools import find_packages, setup


def needs():
    return {path.stem: path.read_text().split() for path in Path("needs").glob("*.in")}


setup(
    name="prices-lib",
    version="1.0",
    packages=find_packages(exclude=["tests", "needs"]),
    install_requires=["idna"],
    extras_require=needs(),
    python_requires=">=3.9",
)
