"""What of LlamaIndex's queries and nodes goes to the server. Opens no files."""

from dataclasses import dataclass
from typing import Any

from llama_index.core.schema import BaseNode, ImageNode, MetadataMode, Node, QueryBundle

from clients.content import AnyImage, Content


@dataclass
class LycheeQuery(QueryBundle):
    """A query with what LlamaIndex's own has no place for; every engine hands it on as it is.

    image: as in `Content`. instruction and filter go before those of the retriever or postprocessor.
    """

    image: AnyImage | None = None
    instruction: str | None = None
    filter: dict[str, Any] | None = None


def query_of(bundle: QueryBundle) -> str | Content:
    image: AnyImage | None = bundle.image if isinstance(bundle, LycheeQuery) else None
    if image is None and bundle.image_path:
        image = _not_a_path(bundle.image_path, "the query", "LycheeQuery(text, image=...)")
    return bundle.query_str if image is None else Content(bundle.query_str or None, image)


def content_of(node: BaseNode) -> Content:
    text, image = node.get_content(metadata_mode=MetadataMode.NONE), _picture(node)
    return Content(text if text or image is None else None, image)


def _picture(node: BaseNode) -> str | None:
    if isinstance(node, ImageNode):
        data, elsewhere = node.image, node.image_url or node.image_path
    elif isinstance(node, Node) and (resource := node.image_resource) is not None:
        data = None if resource.data is None else resource.data.decode()  # base64, whatever it was made with
        elsewhere = str(resource.url or resource.path or "")
    else:
        return None
    if data:
        return data if data.startswith("data:") else f"data:;base64,{data}"
    return _not_a_path(elsewhere, f"node {node.node_id}", "ImageNode(image=<base64>)") if elsewhere else None


def _not_a_path(image: str, whose: str, instead: str) -> str:
    if image.lower().startswith(("data:", "http://", "https://")):
        return image
    raise ValueError(f"the picture of {whose} is a path ({image[:60]!r}), which is not read; give its bytes: {instead}")
