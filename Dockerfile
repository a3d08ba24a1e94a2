# The service with the real or the demo models; on a machine with a GPU it takes it, without one it runs on the CPU.
FROM python:3.12-slim-bookworm

RUN useradd --create-home --uid 10001 lychee \
    && mkdir -p /data/collections /data/models /data/keys \
    && chown -R lychee:lychee /data
WORKDIR /app

# The libraries first: they change seldom and take most of the time and space.
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY scripts/requirements.py scripts/
RUN python scripts/requirements.py > /tmp/requirements.txt \
    && pip install --no-cache-dir --requirement /tmp/requirements.txt --constraint constraints.txt \
        opentelemetry-sdk opentelemetry-exporter-otlp-proto-http

COPY . .
RUN pip install --no-cache-dir --no-deps --editable .

USER lychee
ENV HF_HOME=/data/models \
    LYCHEE_COLLECTIONS=/data/collections \
    LYCHEE_HOST=0.0.0.0 \
    LYCHEE_PORT=7860
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=10s --timeout=3s --start-period=10m \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/ready', timeout=2)"]
ENTRYPOINT ["lychee"]
CMD ["serve"]
