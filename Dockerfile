# The base image's digest is part of an argument, so that a machine without a registry can name its own:
#   docker build --build-arg PYTHON_IMAGE=python:3.13-slim-bookworm .
ARG PYTHON_IMAGE=python:3.13-slim-bookworm@sha256:67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8

# Debian's git without Perl, manuals and servers: 15 MB instead of 100.
FROM ${PYTHON_IMAGE} AS git
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# hadolint ignore=DL3008
RUN find /usr/lib -name '*.so.*' | sort >/before \
    && apt-get update \
    && apt-get install -y --no-install-recommends git \
    && mkdir -p /git/usr/bin /git/usr/lib/git-core /git/usr/share/git-core \
    && cp /usr/bin/git /git/usr/bin/ \
    && cp -r /usr/share/git-core/templates /git/usr/share/git-core/ \
    && cp -a /usr/lib/git-core/git-remote-http* /usr/lib/git-core/git-submodule \
        /usr/lib/git-core/git-sh-* /git/usr/lib/git-core/ \
    && find /usr/lib/git-core -lname git -exec cp -a -t /git/usr/lib/git-core {} + \
    && ln -s ../../bin/git /git/usr/lib/git-core/git \
    && ldd /usr/lib/git-core/git-remote-http | grep -oE '/lib/[^ ]+' | sed 's|^/lib|/usr/lib|' | sort \
        | comm -23 - /before | xargs cp -L --parents -t /git

FROM ${PYTHON_IMAGE} AS hitrate
COPY requirements.lock /
RUN python -m venv --without-pip /opt/hitrate \
    && pip --python /opt/hitrate/bin/python install --no-cache-dir --no-compile --no-deps --require-hashes \
        -r /requirements.lock \
    && rm /opt/hitrate/bin/uvx && mv /opt/hitrate/bin/uv /usr/local/bin/uv
COPY src/hitrate /hitrate
COPY entrypoint.py /opt/hitrate/entrypoint.py
RUN cp -r /hitrate /opt/hitrate/lib/python3.*/site-packages/

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="hitrate" \
    org.opencontainers.image.description="Measures which functions deserve functools.lru_cache" \
    org.opencontainers.image.licenses="MIT"
# The projects' tests run as this user; the number is one that nobody else on the machine is likely to have.
RUN groupadd --gid 51515 tests \
    && useradd --uid 51515 --gid tests --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tests
COPY --from=git /git /
COPY --from=hitrate /usr/local/bin/uv /usr/local/bin/uv
COPY --from=hitrate /opt/hitrate /opt/hitrate
# Bytecode of what Hitrate uses, the standard library's included, which the base image has none of; of all that was
# installed it would be twice as much.
RUN ["/opt/hitrate/bin/python", "-I", "-c", "import pkgutil, github, hitrate; \
    [__import__(module.name) for module in pkgutil.walk_packages(hitrate.__path__, 'hitrate.')]"]
# Without site (-S), which a signal would end with a traceback; the entry point loads it itself.
ENTRYPOINT ["/opt/hitrate/bin/python", "-I", "-S", "/opt/hitrate/entrypoint.py"]
