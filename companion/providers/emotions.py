"""The emotions that a reply may carry. A model writes one as `[warm]`; the voice turns it into pitch and pace."""

EMOTIONS = ("warm", "happy", "playful", "calm", "sad", "excited", "thoughtful", "neutral")
