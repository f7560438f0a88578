"""Counting tokens without a vocabulary (tiktoken downloads its own)."""


def estimate_tokens(text: str) -> int:
    """About how many tokens `text` is: one for each four bytes of UTF-8, at least one unless empty.

    Four letters of English, or a character and a third of Korean, are about one token in today's vocabularies.
    """
    return -(-len(text.encode("utf-8", "replace")) // 4)
