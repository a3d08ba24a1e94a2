"""The only place that chooses implementations: which encoder, which reranker, and how the parts become a whole."""

from pathlib import Path
from typing import TYPE_CHECKING

from content.errors import ModelError, NotFound
from content.fetching.policy import read_policy
from content.sources import ImageSource, RefusingImageSource
from indexer.collection import Collection
from indexer.ocr import TextReader
from indexer.protocols import Encoder
from indexer.vectors.live import IndexPolicy
from reranker.embedded import DEMO, embedded
from reranker.progress import Progress, nobody
from reranker.protocol import Reranker
from search.engine import SearchEngine
from search.first_look import FirstLook, first_look
from search.library import Library
from search.rerankers import Stage2
from search.service import Service
from search.settings import Settings
from search.worker import DeviceWorker

if TYPE_CHECKING:
    from reranker.feature_cache import FeatureCache

NO_RERANKER = "none"
PICTURE_CACHE = ".picture-cache.sqlite"  # no collection has a name that begins with a dot


def load_encoder(settings: Settings) -> Encoder:
    """Stage 1's model. Raises ModelError when it is missing, broken or out of reach."""
    from indexer.encoder import OpenClipEncoder  # costs torch and open_clip, which not every command needs

    return OpenClipEncoder.from_pretrained(
        _place(settings.encoder, "encoder"),
        device=settings.device,
        dtype="auto" if settings.dtype == "fp16" else settings.dtype,  # fp16 is stage 2's only
        batch_size=settings.encoder_batch_size,
        known_as=_lasting_name(settings.encoder),
    )


def load_text_reader() -> TextReader:
    """What reads the text in pictures. Raises ModelError when it is missing or does not run."""
    from indexer.ocr import RapidReader

    return RapidReader.load()


def make_picture_cache(settings: Settings, *, filling: bool = False) -> "FeatureCache":
    """Where stage 2 keeps what it saw of pictures; whoever makes it closes it. filling: as in `FeatureCache`."""
    from reranker.feature_cache import FeatureCache  # costs torch
    from reranker.feature_memory import MemoryFeatures

    return FeatureCache(MemoryFeatures(settings.picture_cache_mb * 10**6), filling=filling)


def make_image_source(settings: Settings) -> ImageSource:
    """What fetches pictures by URL, as far as the settings let it."""
    policy = read_policy(settings.image_urls)
    if policy is None:
        return RefusingImageSource()
    from content.fetching.source import GuardedImageSource  # costs httpcore and a list of certificates

    return GuardedImageSource(
        policy,
        limits=settings.image_limits,
        timeout_s=settings.image_url_timeout_s,
        cache_bytes=settings.image_url_cache_mb * 10**6,
    )


def keeps_pictures(settings: Settings) -> bool:
    """Whether stage 2 keeps what it saw of pictures: only its shared pass does, and only where there is room."""
    asked = settings.reranker != NO_RERANKER and settings.judge == "yes-no" and settings.reranker_pass == "shared"
    return asked and bool(settings.picture_cache_mb or settings.picture_cache_disk_mb)


def load_reranker(
    settings: Settings, *, pictures: "FeatureCache | None" = None, progress: Progress = nobody
) -> Reranker | None:
    """Stage 2's model; None for the setting `none`. Raises ModelError when it is missing, broken or out of reach.

    pictures: where it keeps what it saw, on disk too if the settings say so; None keeps it in memory only; a judge that
    rates and the plain pass keep nothing. progress: told how far the loading is.
    """
    if settings.reranker == NO_RERANKER:
        return None
    looks = first_look(settings.first_look_pixels, settings.first_look_keep)
    if settings.judge == "rating":
        rating = _load_rating_judge(settings, progress)
        return rating if looks is None else _that_looks(looks, rating)
    from reranker.lychee import LycheeReranker  # costs torch and transformers

    reranker = LycheeReranker.from_pretrained(
        _place(settings.reranker, "reranker"),
        device=settings.device,
        dtype=settings.dtype,
        passes=settings.reranker_pass,
        batch_tokens=settings.reranker_batch_tokens,
        batch_size=settings.reranker_batch_size,
        known_as=settings.reranker,
        features=make_picture_cache(settings) if pictures is None else pictures,
        quantization=settings.quantization,
        progress=progress,
    )
    if pictures is not None and settings.picture_cache_disk_mb and keeps_pictures(settings):
        from reranker.feature_file import FileFeatures

        path, size = settings.collections / PICTURE_CACHE, settings.picture_cache_disk_mb * 10**6
        pictures.keep_on_disk(FileFeatures(path, reranker.fingerprint, size))  # the fingerprint takes seconds
    return reranker if looks is None else _that_looks(looks, reranker)


def _that_looks(looks: FirstLook, reranker: Reranker) -> Reranker:
    """The reranker. Raises InvalidInput for one that cannot look first, before the first search would hear of it."""
    looks.view(reranker)
    return reranker


def _load_rating_judge(settings: Settings, progress: Progress) -> Reranker:
    from reranker.generative import GenerativeReranker  # costs torch and transformers

    return GenerativeReranker.from_pretrained(
        _place(settings.reranker, "reranker"),
        device=settings.device,
        dtype=settings.dtype,
        batch_size=settings.reranker_batch_size,
        known_as=settings.reranker,
        quantization=settings.quantization,
        progress=progress,
    )


def load_engine(folder: Path, settings: Settings, progress: Progress = nobody) -> SearchEngine:
    """An engine over the collection in `folder`, with models of its own, which it closes.

    progress: told how far the loading of stage 2's model is.
    Raises NotFound when there is no collection in `folder`, EncoderMismatch when another encoder made it, ModelError
    when a model cannot be loaded.
    """
    Collection.open(folder).close()  # nobody should wait for models to hear that there is no collection
    encoder = load_encoder(with_own_encoder(settings, folder))
    collection = Collection.open(folder, encoder, index_policy(settings))
    pictures = make_picture_cache(settings)
    try:
        reranker = load_reranker(settings, pictures=pictures, progress=progress)
    except BaseException:
        pictures.close()
        collection.close()
        raise
    worker = DeviceWorker()
    return SearchEngine(
        collection,
        encoder,
        reranker,
        worker,
        on_close=(worker.close, collection.close, pictures.close),
        first_look=first_look(settings.first_look_pixels, settings.first_look_keep),
    )


def open_engine(folder: Path, encoder: str | None, reranker: str, device: str, dtype: str) -> SearchEngine:
    """As `load_engine`, from the arguments alone: neither the environment nor a settings file has a say."""
    settings = Settings.model_construct(reranker=reranker, device=device, dtype=dtype)
    return load_engine(folder, settings if encoder is None else with_encoder(settings, encoder))


def load_stage2(settings: Settings) -> Stage2:
    """Stage 2 with a picture cache of its own, for a running service. Raises ModelError, and for the setting `none`."""
    pictures = make_picture_cache(settings)
    try:
        reranker = load_reranker(settings, pictures=pictures)
    except BaseException:
        pictures.close()
        raise
    if reranker is None:
        raise ModelError("stage 2 cannot be switched off while the server runs; name a reranker", param="reranker")
    return Stage2(reranker, pictures if keeps_pictures(settings) else None)


def load_service(settings: Settings) -> Service:
    """All that a server needs, ready for use; the default collection need not be there yet. Raises ModelError."""
    settings = with_own_encoder(settings, settings.collections / settings.collection)
    encoder = load_encoder(settings)
    pictures = make_picture_cache(settings)
    return Service(
        settings=settings,
        encoder=encoder,
        reranker=load_reranker(settings, pictures=pictures),
        library=Library(settings.collections, encoder, index_policy(settings)),
        worker=DeviceWorker(settings.max_requests),
        picture_cache=pictures if keeps_pictures(settings) else None,
        images=make_image_source(settings),
        load_stage2=lambda name: load_stage2(settings.model_copy(update={"reranker": name})),
    )


def index_policy(settings: Settings) -> IndexPolicy:
    return IndexPolicy(settings.index_exact_up_to, settings.index_recall)


def with_own_encoder(settings: Settings, folder: Path) -> Settings:
    """The settings with the encoder that made the collection in `folder`, where there is one and none was asked for."""
    if "encoder" in settings.model_fields_set:
        return settings
    try:
        with Collection.open(folder) as collection:
            return with_encoder(settings, collection.encoder_name)
    except NotFound:
        return settings


def with_encoder(settings: Settings, encoder: str) -> Settings:
    return settings.model_copy(update={"encoder": encoder})


def _lasting_name(model: str) -> str:
    """The name under which a collection finds its encoder again: a folder's must not depend on the working folder."""
    folder = Path(model).expanduser()
    return str(folder.resolve()) if model != DEMO and folder.is_dir() else model


def _place(model: str, part: str) -> str:
    """Where a model is: the embedded one beside the package `demo`, any other where its name says."""
    return str(embedded(part)) if model == DEMO else model
