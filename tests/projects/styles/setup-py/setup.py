from setuptools import find_packages, setup

setup(
    name="prices-lib",
    version="1.0",
    packages=find_packages(exclude=["tests"]),
    install_requires=["idna"],
    extras_require={"test": ["pytest"]},
    python_requires=">=3.9",
)
