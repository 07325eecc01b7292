# Förtur's web server and worker. The image holds no secret and runs as an ordinary user.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.lock .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
# Catalogues and hashed static files; the settings given lead nowhere.
RUN find locale -name '*.po' -exec sh -c '/venv/bin/pybabel -q compile -i "$1" -o "${1%.po}.mo"' _ {} \; \
    && SECRET_KEY=only-while-the-image-is-being-built-never-later \
       DATABASE_URL=postgresql://nobody@/nowhere \
       /venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim
RUN useradd --system --no-create-home --uid 10001 fortur
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER fortur
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["python", "-m", "gunicorn", "casework.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", \
     "--workers=4", "--threads=4", "--no-control-socket"]
