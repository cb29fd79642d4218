"""Loads the settings from config.toml, or the defaults if there is none."""

from pathlib import Path

from nimble_tui.config.files import NoModesError, UnsafeFileError, read_file
from nimble_tui.config.modes import advice
from nimble_tui.config.paths import CONFIG_VARIABLE
from nimble_tui.config.settings import Settings, SettingsError

_LARGEST = 1024 * 1024


def load(path: Path, *, with_studios: bool = True) -> Settings:
    """Return the settings in a file, or the defaults if there is no such file.

    Without `with_studios` the `[studios]` tables are passed over, right or wrong. SettingsError
    lists every problem; a secret anywhere in the file is one.
    """
    try:
        content = read_file(path, _LARGEST, private=False)
    except FileNotFoundError:
        return Settings()
    except NoModesError as error:
        instead = advice(CONFIG_VARIABLE, f"/{path.name}")
        raise SettingsError((f"{error} To fix this, {instead}.",)) from error
    except UnsafeFileError as error:
        raise SettingsError((str(error),)) from error
    except OSError as error:
        raise SettingsError((f"Can't read {path}: {error.strerror}.",)) from error
    # Without settings, there is no wait for the import of their parser.
    from nimble_tui.config.reading import parse  # noqa: PLC0415

    return parse(content, str(path), with_studios=with_studios)
