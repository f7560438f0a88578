"""The one error of this package: what stands in the way, told to a person at a terminal."""


class Refusal(Exception):
    """Its text is a sentence that says what to do. The program prints it and exits with status 2."""


REFUSED = 2
