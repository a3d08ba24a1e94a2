"""What the tab `search` says."""

from typing import Final

from api.page.words import Words

WORDS: Final[Words] = {
    "search.text": ("What are you looking for?", "您想找什么？"),
    "search.placeholder": ("two red striped mugs next to a blue bag", "一个蓝色包旁边有两个红色条纹杯子"),
    "search.picture": ("Picture (optional)", "图片（可选）"),
    "search.start": ("Search", "搜索"),
    "search.collection": ("Collection", "集合"),
    "search.hits": ("Hits", "结果"),
}
