# sopbot as a container: the bot with a token, its data in the volume /data.
#   docker build -t sopbot .
#   docker run -v sopbot:/data -e SOPBOT_TOKEN=... sopbot

FROM python:3.13-slim AS packages
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/sopbot \
    && /opt/sopbot/bin/pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.lock \
    && /opt/sopbot/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data sopbot \
    && install --directory --owner sopbot --mode 0750 /data
COPY --from=packages /opt/sopbot /opt/sopbot
WORKDIR /opt/sopbot/app
COPY migrations migrations
COPY sop_definitions sop_definitions
COPY handlers handlers
COPY sopbot sopbot
ENV PATH=/opt/sopbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SOPBOT_DATA=/data
USER 10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=60s --timeout=15s --start-period=30s CMD ["python", "-m", "sopbot", "doctor"]
ENTRYPOINT ["python", "-m", "sopbot"]
CMD ["run"]
