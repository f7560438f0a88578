"""A text cut into chunks that end where a paragraph, a sentence or at least a word ends."""

from functools import cache

from semantic_text_splitter import MarkdownSplitter, TextSplitter

# Characters. About 200 tokens: the offline model reads 256, and a prompt has room for four.
LONGEST = 800
MARKDOWN = "md"


def chunks_of(text: str, file_type: str = "") -> list[str]:
    """In order, none blank. Of Markdown the headings begin chunks."""
    return [chunk for chunk in _splitter(file_type == MARKDOWN).chunks(text) if chunk.strip()]


@cache
def _splitter(markdown: bool) -> TextSplitter | MarkdownSplitter:
    kind = MarkdownSplitter if markdown else TextSplitter
    return kind(LONGEST)
