"""Whether a repository of the model hub is within reach. Knows nothing of models."""

import socket
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from huggingface_hub import constants
from huggingface_hub.file_download import repo_folder_name

from content.errors import ModelError


def check_reach(repository: str) -> None:
    """Raises ModelError when the repository is not in the local cache and the hub's name cannot be resolved.

    The hub's own client finds that out too, but tries for most of a minute. Behind a proxy the name says nothing.
    """
    cached = Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=repository, repo_type="model")
    if cached.is_dir() or getproxies():
        return
    host = urlsplit(constants.ENDPOINT).hostname
    try:
        socket.getaddrinfo(host, 443)
    except OSError as error:
        raise ModelError(
            f"the model {repository} is not on this machine, and there is no network to fetch it from {host}; fetch it "
            "once where there is one, or give the folder of a model",
            param="encoder",
        ) from error
