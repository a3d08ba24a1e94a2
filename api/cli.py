"""`lychee serve`: settings from the command line, a server, and one line when it is ready."""

import gc
import logging.config
import signal
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from api.guards.key_file import read_keys
from api.watching.logs import LogForm, log_config
from content.errors import NotReady
from search.cli.options import (
    CollectionOption,
    ConfigOption,
    DeviceOption,
    DtypeOption,
    EncoderOption,
    JudgeOption,
    QuantizationOption,
    RerankerOption,
)
from search.load_settings import load_settings
from search.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.loading import Loading

logger = logging.getLogger(__name__)

HostOption = Annotated[
    str | None,
    typer.Option("--host", help="The address to listen on (default: 127.0.0.1, this machine only).", metavar="ADDRESS"),
]
PortOption = Annotated[
    int | None,
    typer.Option("--port", help="The port to listen on (default: 7860; 0 takes any free one).", min=0, max=65535),
]
KeysOption = Annotated[
    Path | None,
    typer.Option("--keys", help="Ask for an API key out of this file, which lychee keys add makes.", metavar="FILE"),
]


def serve(
    host: HostOption = None,
    port: PortOption = None,
    keys: KeysOption = None,
    collection: CollectionOption = None,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    judge: JudgeOption = None,
    quantization: QuantizationOption = None,
    device: DeviceOption = None,
    dtype: DtypeOption = None,
    config: ConfigOption = None,
) -> None:
    """Serve the page at / and the HTTP API, which /docs tells of.

    Example: lychee serve --collection demo --port 7860
    """
    overrides = {
        "host": host, "port": port, "keys": keys, "collection": collection, "encoder": encoder, "reranker": reranker,
        "judge": judge, "quantization": quantization, "device": device, "dtype": dtype,
    }  # fmt: skip
    settings = load_settings(config, overrides)
    if settings.keys is not None:
        read_keys(settings.keys)  # a server of which everybody is kept out is better not started
    from api.server import listen, run, url_of  # a mistake in an option is told before anything heavy is imported

    bound = listen(settings.host, settings.port)
    logging.config.dictConfig(log_config(settings.log))
    # Pillow warns of each broken tag of a picture, beside the log: a megabyte sent would be twelve of lines.
    warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
    from api.app import create_app
    from api.guards.stack import is_open_to_all
    from api.watching.traces import export_traces

    url = url_of(bound)
    if is_open_to_all(settings):
        _warn_of_strangers(settings)
    export_traces()
    app = create_app(
        settings,
        on_loaded=lambda loading: _tell_outcome(loading, settings, url),
        build_page=_build_page if settings.page else None,
    )
    try:
        give_up, end_streams = app.state.loading.give_up, app.state.end_streams
        signals = _signals(app.state.loading)
        run(app, bound, give_up, settings.shutdown_grace_s, end_streams, log=settings.log, on_signals=signals)
    finally:
        gc.unfreeze()  # libraries complain of what is left at the end


def _signals(loading: "Loading") -> dict[int, Callable[[], None]]:
    """SIGUSR1 loads the reranker of the settings again, SIGUSR2 goes back. Not SIGHUP, which a terminal sends when it
    is closed."""
    return {
        signal.SIGUSR1: lambda: loading.change_reranker(lambda rerankers: rerankers.change()),
        signal.SIGUSR2: lambda: loading.change_reranker(lambda rerankers: rerankers.go_back()),
    }


def _build_page(loading: "Loading", settings: Settings, uploads: Path) -> "FastAPI":
    from api.page.build import build_page  # Gradio takes seconds to import: on the page's thread, not here

    return build_page(loading, settings, uploads)


def _warn_of_strangers(settings: Settings) -> None:
    _warn(
        f"WARNING: {settings.host} is open to the network, and this server asks nobody for a key.\n"
        "Whoever reaches it can search everything here, change it, and delete it.\n"
        "  lychee keys add NAME --file keys.json      makes a key\n"
        "  lychee serve --keys keys.json ...          asks for it\n"
        "Or listen on this machine only: --host 127.0.0.1",
        "bold red",
        settings.log,
    )


def _tell_outcome(loading: "Loading", settings: Settings, url: str) -> None:
    """One line on whether searches are answered from now on; what keeps them from it, /ready keeps telling too."""
    gc.collect()
    gc.freeze()  # going through all that the models' libraries made would halt every thread for a tenth of a second
    try:
        items = len(loading.default_engine().collection)
    except NotReady as error:
        _warn(f"not ready, and {url}/ready goes on telling: {error.message}", "red", settings.log)
    else:
        ready = f"Ready on {url} with the collection {settings.collection}, {items:,} items. Ctrl-C stops."
        _print(Console(highlight=False), ready, "green")


def _warn(message: str, style: str, log: LogForm) -> None:
    if log == "json":
        logger.warning("%s", message)
    else:
        _print(Console(stderr=True, highlight=False), message, style)


def _print(console: Console, message: str, style: str) -> None:
    console.print(message, style=style, markup=False, soft_wrap=True)
