"""How a version of the persona answers without a fan: nothing of it is written, shown or charged."""
