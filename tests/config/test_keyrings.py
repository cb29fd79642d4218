import keyring
import pytest
from keyring import core
from keyring.backends import fail

from tests.config.keyrings import SafeFileKeyring, keyring_in_use


def test_a_keyring_of_one_test_is_not_the_next_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "_keyring_backend", None)  # as in a process that used none yet
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.config.keyrings.SafeFileKeyring")
    with keyring_in_use(SafeFileKeyring()):
        assert isinstance(keyring.get_keyring(), SafeFileKeyring)
    assert isinstance(keyring.get_keyring(), fail.Keyring)
