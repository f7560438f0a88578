"""Why a document could not be taken, as the code that its row keeps and the sentence that the team reads. No Django."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "damaged": "The file is damaged: it cannot be read as what it is. Save it again and upload the new one.",
    "encrypted": "The file is protected by a password. Save it without one and upload it again.",
    "no_text": "There is no text in it. If its pages are pictures of text (a scan), have them recognised (OCR) first.",
    "too_long": "It has more than five million characters. Upload it in parts.",
    "too_heavy": "Reading it took more memory or time of the processor than a file may. Upload parts, or plain text.",
    "too_slow": "Reading it took more than two minutes. Upload parts, or plain text.",
    "embeddings_away": "The embeddings provider does not answer: only its words are found so far.",
}


class Unreadable(Exception):
    """A file that gives no text. `code` is a key of SENTENCES."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code
