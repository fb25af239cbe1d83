# One small process as an unprivileged user; everything it writes is in /data.
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
WORKDIR /src
COPY requirements.lock ./
# The tested versions, each checked against its hash; the installer stays behind in this stage.
RUN python3 -m venv --without-pip /venv \
    && python3 -m pip --python /venv/bin/python3 install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE app.py ./
COPY bot ./bot
COPY prompts ./prompts
COPY sandbox ./sandbox
RUN python3 -m pip --python /venv/bin/python3 install --no-cache-dir --no-deps .

FROM ${PYTHON}
RUN groupadd --gid 10001 prhub \
    && useradd --no-log-init --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin prhub \
    && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /venv /venv
# SQLite's own temporary files are as large as the database, and /tmp may be small.
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=sqlite:////data/prhub.sqlite \
    SQLITE_TMPDIR=/data
# Numbers, for Kubernetes cannot tell from a name that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
# Says that the process lives, as /healthz does; no proxy of the environment stands between.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python3", "-c", "import os, sys, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["prhub"]
CMD ["serve"]
