"""The one error the engine raises for input it cannot use."""


class InputError(ValueError):
    """A value from outside cannot be used; the message is a sentence a user can act on."""
