"""The console's page of one fan's conversation: the reason and the grant, the talk, and what explains a reply."""
