"""What the server is made of and holds, as lists of names and values. Asks nobody: it writes what it is given."""

import time
from collections.abc import Iterator
from html import escape

from api.page.shell import Shell
from api.page.sizes import size_of
from api.page.visit import Visit
from search.settings import Settings
from search.status import ModelStatus, Status, versions

Row = tuple[str, str]
"""The key of the words that name it, and its value."""


def facts_html(visit: Visit, shell: Shell, status: Status | None) -> str:
    """status: None where the models are not there."""
    settings = shell.settings if status is None else shell.loading.service.settings
    named = [("about.versions", [*versions().items()])]
    groups = [
        ("about.models", [] if status is None else _told(visit, _models(visit, status, settings))),
        ("about.now", _told(visit, _now(visit, shell, status))),
        ("about.limits", _told(visit, _limits(visit, settings))),
        *named,
    ]
    return f'<div class="facts">{"".join(_group(visit.say(key), rows) for key, rows in groups if rows)}</div>'


def programs_html(visit: Visit, code: str | None) -> str:
    """code: that of what was done last, as HTML; None where nothing was."""
    last = code or f'<p class="muted">{escape(visit.say("about.nothing_done"))}</p>'
    agents = f"<code>{escape(visit.base)}/gradio_api/mcp/</code>"
    told = escape(visit.say("about.programs_told", agents="\0")).replace("\0", agents)
    return (
        f"<h2>{escape(visit.say('about.code'))}</h2>{last}<h2>{escape(visit.say('about.programs'))}</h2>"
        f'<p>{told} <a href="/docs">{escape(visit.say("page.api"))}</a></p>'
    )


def _models(visit: Visit, status: Status, settings: Settings) -> Iterator[Row]:
    yield "about.encoder", _model(status.encoder)
    yield "about.reranker", visit.say("about.off") if status.reranker is None else _model(status.reranker)
    if status.reranker is not None:
        yield "about.judge", visit.say(f"about.judge.{settings.judge}")
        yield "about.quantization", visit.say(f"about.quantization.{settings.quantization}")
        yield "about.instruction", visit.say("about.instruction.default")


def _model(model: ModelStatus) -> str:
    size = None if model.weight_bytes is None else size_of(model.weight_bytes)
    return " · ".join(filter(None, (model.name, model.device, model.dtype, size)))


def _now(visit: Visit, shell: Shell, status: Status | None) -> Iterator[Row]:
    yield "about.uptime", _duration(visit, int(time.time()) - shell.loading.since)
    if status is None:
        return
    yield "about.queue", visit.say("about.of", count=status.waiting, most=status.most_waiting)
    if status.resident_bytes is not None:
        yield "about.memory", size_of(status.resident_bytes)
    yield "about.collections", f"{status.collections:,}"
    if status.pictures is None:
        yield "about.pictures", visit.say("about.off")
        return
    kept = status.pictures
    yield (
        "about.pictures",
        visit.say(
            "about.kept",
            count=f"{kept.memory_pictures:,}",
            size=size_of(kept.memory_bytes),
            room=size_of(status.picture_bytes),
        ),
    )
    if kept.disk_pictures:
        yield (
            "about.pictures_on_disk",
            visit.say("about.kept_on_disk", count=f"{kept.disk_pictures:,}", size=size_of(kept.disk_bytes)),
        )
    yield (
        "about.pictures_met",
        visit.say("about.met", hits=f"{kept.memory_hits + kept.disk_hits:,}", misses=f"{kept.misses:,}"),
    )


def _limits(visit: Visit, settings: Settings) -> Iterator[Row]:
    yield "about.candidates", visit.say("about.candidates.told", count=settings.candidates, most="1,000")
    yield "about.documents", f"{settings.max_documents:,}"
    size, pixels = _binary(settings.max_image_bytes), f"{settings.max_image_pixels:,}"
    yield "about.picture", visit.say("about.picture.told", size=size, pixels=pixels)
    yield "about.text", visit.say("about.text.told", count=f"{settings.max_query_characters:,}")
    yield "about.upload", _binary(settings.max_upload_bytes)
    seconds = settings.request_timeout_s
    yield "about.deadline", visit.say("about.seconds", count=f"{seconds:g}") if seconds else visit.say("about.none")
    yield "about.urls", visit.say("about.off" if settings.image_urls == "off" else "about.on")
    yield "about.keys", visit.say("about.off" if settings.keys is None else "about.on")


def _told(visit: Visit, rows: Iterator[Row]) -> list[Row]:
    return [(visit.say(key), value) for key, value in rows]


def _group(title: str, rows: list[Row]) -> str:
    pairs = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows)
    return f"<section><h2>{escape(title)}</h2><dl>{pairs}</dl></section>"


def _binary(count: int) -> str:
    """Of limits, which are set in powers of two."""
    return f"{count / 2**30:g} GiB" if count >= 2**30 else f"{count / 2**20:g} MiB"


def _duration(visit: Visit, seconds: int) -> str:
    for unit, length, smaller, part in (("days", 86400, "hours", 3600), ("hours", 3600, "minutes", 60)):
        if seconds >= length:
            told = visit.say(f"about.{unit}", count=seconds // length)
            return f"{told} {visit.say(f'about.{smaller}', count=seconds % length // part)}"
    return (
        visit.say("about.minutes", count=seconds // 60) if seconds >= 60 else visit.say("about.seconds", count=seconds)
    )
