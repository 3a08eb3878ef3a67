# pbxsim as a server. Its commands are in docs/server.md.
#
# Two stages: the wheel is made where there are tools, and runs where there are none. Both lists of packages are pinned by
# hash (`make lock`).
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements.lock requirements-server.lock ./
RUN python -m venv /tools && /tools/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.lock
RUN python -m venv /opt/pbxsim && /opt/pbxsim/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-server.lock
COPY pyproject.toml README.md LICENSE ./
COPY pbxsim pbxsim
COPY provisioning provisioning
COPY device_emulator device_emulator
RUN /tools/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .
RUN /opt/pbxsim/bin/python -m pip install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin pbxsim \
 && install -d -o pbxsim -g pbxsim -m 0700 /data
COPY --from=build /opt/pbxsim /opt/pbxsim
ENV PATH=/opt/pbxsim/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER pbxsim
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4).close()"]
ENTRYPOINT ["pbxsim", "serve", "--host", "0.0.0.0", "--port", "8080", "--db", "/data/world.sqlite3", "--token-file", "/data/token", "--log-format", "json", "--log-level", "info"]
