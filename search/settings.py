"""Every setting, with its default and its meaning. Knows neither what the settings do nor where they are read from."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from content.errors import SettingsError
from content.fetching.policy import read_policy
from content.limits import ImageLimits

PREFIX = "LYCHEE_"

Dtype = Literal["auto", "bf16", "fp16", "fp32"]
Judge = Literal["yes-no", "rating"]
Quantization = Literal["none", "int8", "int4"]
Passes = Literal["shared", "plain"]
SettingValue = str | int | float | bool | Path | None


class Settings(BaseSettings):
    """The settings of one process. Made once at the edge by `load_settings` and handed on as plain values."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    encoder: str = Field(
        "demo",
        min_length=1,
        description="Stage 1's model: `demo`, an open_clip name with its pretrained tag "
        "(`ViT-B-16-SigLIP2-256/webli`), `hf-hub:owner/repository`, or a local folder. Where it is not set, a "
        "collection that is there already keeps the encoder that made it.",
    )
    reranker: str = Field(
        "demo",
        min_length=1,
        description="Stage 2's model: `demo`, a hub name (`vec-ai/lychee-rerank-mm`), a local folder, "
        "or `none` to switch stage 2 off.",
    )
    judge: Judge = Field(
        "yes-no",
        description="What stage 2's model is asked for: `yes-no`, as Lychee checkpoints are trained to answer, or "
        "`rating`: any Qwen2.5-VL instruct checkpoint (`Qwen/Qwen2.5-VL-7B-Instruct`) writes a number from 0 to 10, "
        "which takes several times as long.",
    )
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|cuda(:\d+)?|mps)$",
        description="Where the models run: `auto` (CUDA if there is one, else CPU), `cpu`, `cuda`, `cuda:1`, `mps`.",
    )
    dtype: Dtype = Field(
        "auto",
        description="Number format of the models: `auto` (`bf16` on CUDA; each model's own choice elsewhere), `bf16`, "
        "`fp16` (stage 2 only; stage 1 then takes `auto`) or `fp32`.",
    )
    quantization: Quantization = Field(
        "none",
        description="How stage 2's model keeps the weights of its linear layers: `none` as `dtype` says, `int8` in "
        "about half the memory of `bf16`, `int4` in less (it needs the extra `quantized`). For cards that are too "
        "small; it makes nothing faster.",
    )
    collections: Path = Field(Path("collections"), description="The folder that holds all collections.")
    collection: str = Field("demo", min_length=1, description="The collection that is meant where none is named.")
    host: str = Field("127.0.0.1", min_length=1, description="The address `lychee serve` listens on.")
    port: int = Field(7860, ge=0, le=65535, description="The port `lychee serve` listens on; 0 takes any free one.")
    encoder_batch_size: int = Field(64, ge=1, le=4096, description="Pictures or texts per pass of stage 1's model.")
    reranker_pass: Passes = Field(
        "shared",
        description="How stage 2's model is run: `shared` reads the query once for all its documents; `plain` reads "
        "every document with a query of its own, as the model card does: the reference, several times slower.",
    )
    reranker_batch_tokens: int | None = Field(
        None,
        ge=64,
        le=1_048_576,
        description="Tokens of documents per run of stage 2's model, pictures included. It bounds the memory, whatever "
        "the number of candidates, and how long a small request waits for a large one. By default 2,048 on a CPU, "
        "8,192 on CUDA.",
    )
    reranker_batch_size: int = Field(
        8,
        ge=1,
        le=1024,
        description="Documents per run of stage 2's model in the `plain` pass and for the judge `rating`.",
    )
    other_rerankers: str = Field(
        "",
        description="Rerankers that `POST /v1/models/reload` may name beside the setting `reranker`, separated by "
        "commas: checkpoints, adapters, or a folder, which stands for all that lie in it and is written with a "
        "separator: `./models`. By default none.",
    )
    index_exact_up_to: int = Field(
        50_000,
        ge=100,
        le=100_000_000,
        description="How many vectors of a kind, pictures or texts, a collection may have before its index is "
        "quantised: about a fourth of the memory and a tenth of the time, with a measured recall.",
    )
    index_recall: float = Field(
        0.99,
        ge=0.5,
        le=0.999,
        description="The share of the exact top 100 that a quantised index has to find. It is measured when the index "
        "is built, and the index is made larger and slower until it does.",
    )
    candidates: int = Field(100, ge=1, le=1000, description="How many candidates stage 1 hands to stage 2.")
    first_look_pixels: int = Field(
        0,
        ge=0,
        le=1_003_520,
        description="Where set, stage 2 first looks at all candidates' pictures with at most so many pixels each "
        "(3,136 or more), and reads only the best `first_look_keep` of them in full, which are the hits; texts are all "
        "read. It trades quality for time: `lychee evaluate depth` measures both on your data. 0 reads all in full.",
    )
    first_look_keep: int = Field(
        20,
        ge=1,
        le=1000,
        description="How many pictures stage 2 reads in full after a first look; no search may ask for more hits.",
    )
    max_requests: int = Field(
        64,
        ge=1,
        le=1024,
        description="How many requests may use the models or wait for them at a time; one more is answered with 429.",
    )
    request_timeout_s: float = Field(
        300,
        ge=0,
        allow_inf_nan=False,
        description="How many seconds a request to the server may wait and compute before its work is given up and it "
        "is answered with 504; 0 sets no limit.",
    )
    picture_cache_mb: int = Field(
        512,
        ge=0,
        le=10**6,
        description="Memory for what stage 2's model made of pictures, in MB (10^6 bytes): a picture that comes again "
        "is not read again. The least recently used are forgotten first; 0 keeps nothing.",
    )
    picture_cache_disk_mb: int = Field(
        0,
        ge=0,
        le=10**8,
        description="The same on disk, in `.picture-cache.sqlite` among the collections, where it outlives the "
        "process; `lychee index --warm` fills it. 0 keeps nothing there, which is the default because the pictures in "
        "requests are kept as well, and they are their senders'.",
    )
    page: bool = Field(True, description="Whether `lychee serve` has its page at `/`; without it `/` leads to `/docs`.")
    keys: Path | None = Field(
        None,
        description="The file of API keys that `lychee keys add` writes. Where it is set, every request needs a key, "
        "but those for `/health`, `/ready`, `/v1/models` and the pages of `/docs`, and the page at `/` asks for one.",
    )
    image_urls: str = Field(
        "off",
        min_length=1,
        description="Which pictures are fetched by URL: `off` for none, `public` for those of any public address, or "
        "hosts, separated by commas (`cdn.example.org, *.example.com`). Private, loopback and link-local addresses are "
        "never asked, whatever their name.",
    )
    image_url_timeout_s: float = Field(
        10,
        gt=0,
        le=300,
        allow_inf_nan=False,
        description="How many seconds a picture by URL may take, redirects and all.",
    )
    image_url_cache_mb: int = Field(
        256, ge=0, le=10**6, description="Memory for pictures fetched by URL, in MB (10^6 bytes); 0 keeps none."
    )
    cors_origins: str = Field(
        "",
        description="Origins whose pages may call the server from a browser, separated by commas "
        "(`https://shop.example.org`); `*` for any. By default none.",
    )
    allowed_hosts: str = Field(
        "",
        description="Names under which the server is called (the `Host` of a request), with commas between; `*` for "
        "any. By default `localhost` and loopback addresses where it listens on loopback only, so that no page in a "
        "browser can reach it under a name of its own; any where it listens on a network.",
    )
    log: Literal["text", "json"] = Field(
        "text",
        description="How the server logs: `text` tells warnings and errors, `json` tells every request as well, one "
        "object a line, with its id, and without what was searched for.",
    )
    shutdown_grace_s: int = Field(
        30,
        ge=2,
        le=3600,
        description="How many seconds requests have to end once the server is told to stop; what has not ended then is "
        "answered with 503.",
    )
    max_waiting_bytes: int = Field(
        512 * 2**20,
        ge=1,
        description="The bytes of all bodies that are being read or answered at a time; one more is answered with 429.",
    )
    max_documents: int = Field(
        1000, ge=1, le=100_000, description="The largest number of documents in a request that brings its own."
    )
    max_query_characters: int = Field(20_000, ge=1, description="The longest text of a query, in characters.")
    max_text_characters: int = Field(
        1_000_000, ge=1, description="The longest text of a document or item that a request may bring, in characters."
    )
    max_body_bytes: int = Field(64 * 2**20, ge=1, description="The largest request that is read, in bytes.")
    max_upload_bytes: int = Field(
        2**30,
        ge=1,
        description="The largest upload in the page, in bytes, be it one file or several at once; it goes to the disk.",
    )
    max_image_bytes: int = Field(
        20 * 2**20, ge=1, description="The largest picture file that a query or request may bring, in bytes."
    )
    max_image_pixels: int = Field(
        50_000_000, ge=1, le=89_478_485, description="The largest picture that a query or request may bring, in pixels."
    )

    @field_validator("image_urls")
    @classmethod
    def _names_hosts(cls, value: str) -> str:
        try:
            read_policy(value)
        except SettingsError as error:
            raise PydanticCustomError("image_urls", "{reason}", {"reason": error.message}) from error
        return value

    @property
    def image_limits(self) -> ImageLimits:
        return ImageLimits(max_bytes=self.max_image_bytes, max_pixels=self.max_image_pixels)
