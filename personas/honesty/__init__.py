"""What a persona may not say of herself: that she is no AI, or that she is somewhere which the schedule does not name.

grammar.py compiles the templates of data/ for moderation's matcher · denials.py and places.py judge a match by its
sentence (speech.py) · meaning.py reads whole sentences · reply.py holds a streamed reply back while it may still become
one.
"""

from personas.honesty.denials import denies_being_ai
from personas.honesty.meaning import Denies, Meaning
from personas.honesty.places import claims_of_place
from personas.honesty.reply import SOURCE, HonestReply, lexicon

__all__ = ["SOURCE", "Denies", "HonestReply", "Meaning", "claims_of_place", "denies_being_ai", "lexicon"]
