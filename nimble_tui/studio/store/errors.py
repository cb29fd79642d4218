"""The errors of the store: what is wrong with the data file, each in one sentence."""


class StoreError(Exception):
    """The data file cannot be used; the text says why and what to do, in one sentence."""


class BusyError(StoreError):
    """Another program writes the data file."""


class FileGoneError(StoreError):
    """The data file was removed or replaced while it was in use."""


class HeldStoreError(StoreError):
    """The data file is a copy that is not in charge of the machines: nothing in it is changed."""
