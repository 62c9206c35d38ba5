from setuptools import setup

setup(name="prices-lib", version="1.0", packages=["prices_lib"])
