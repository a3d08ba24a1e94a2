"""The page docs/settings.md, made from the settings themselves."""

from pathlib import Path

from search.load_settings import CONFIG_VARIABLE, DEFAULT_CONFIG, variable
from search.settings import Settings

_HEAD = f"""# Settings

Every setting has a default. It is changed, weakest first, by a TOML file, by an environment variable, or by the option
of the same name where a command has it (`--encoder`, `--reranker`, `--judge`, `--quantization`, `--device`,
`--dtype`, `--collection`, `--host`, `--port`).

The TOML file is the one that `--config` names, else the one that `{CONFIG_VARIABLE}` names, else `{DEFAULT_CONFIG}`
in the working folder:

```toml
encoder = "ViT-B-16-SigLIP2-256/webli"
reranker = "vec-ai/lychee-rerank-mm"
candidates = 50
```

A name that is not in this list is refused, in the file and among the variables that begin with `LYCHEE_`.

| setting | variable | default | meaning |
| :--- | :--- | :--- | :--- |
"""


def settings_page() -> str:
    """The page as Markdown."""
    return _HEAD + "".join(map(_row, Settings.model_fields))


def _row(name: str) -> str:
    field = Settings.model_fields[name]
    default = field.default.as_posix() if isinstance(field.default, Path) else field.default
    return f"| `{name}` | `{variable(name)}` | `{default}` | {field.description} |\n"
