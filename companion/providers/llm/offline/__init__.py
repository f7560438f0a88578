"""The offline language model: the persona's own authored lines, chosen and joined by what the fan said.

provider.py streams · composer.py plans a reply · answers.py answers one sentence · desk.py picks lines, fills slots ·
relevance.py scores · reading.py understands the fan · own_words.py quotes her · diary.py reads the schedule ·
standing.py tells how the talk stands · library.py holds what can be said.
intents.json holds what is recognised, never what is said: every word of a reply is the persona's, the corpus's, the
schedule's or the fan's own.
"""

from companion.providers.llm.offline.provider import OfflineLLM

__all__ = ["OfflineLLM"]
