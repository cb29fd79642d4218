import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimble_tui.config.editing import append_studio
from nimble_tui.config.reading import load
from nimble_tui.config.settings import SettingsError, StudioSettings
from nimble_tui.core.text import clean

visible = "".join(map(chr, range(0x21, 0x7F))).replace("\\", "")
ids = st.text(visible, min_size=1, max_size=60)
names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True).filter(
    lambda name: name != "demo"
)
studios = st.builds(
    StudioSettings,
    name=names,
    studio_id=ids,
    region=st.sampled_from(["us-west-2", "eu-central-1", "us-gov-west-1"]),
    principal_id=ids,
    endpoint_url=st.sampled_from(
        ["https://a.example", "http://127.0.0.1:80", "https://b.example/c"]
    ),
    display_name=st.text(max_size=60).map(lambda text: clean(text, 128)),
    credentials=st.sampled_from(["keyring", "work"]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    many=st.lists(studios, min_size=1, max_size=4, unique_by=lambda studio: studio.name),
    before=st.sampled_from(["", "# mine", 'theme = "light"\n', '\ufefftheme = "dark"\r\n\r\n']),
)
def test_what_is_appended_reads_back_and_leaves_the_rest_as_it_was(
    tmp_path: Path, many: list[StudioSettings], before: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(before.encode())
    for studio in many:
        content = path.read_bytes()
        assert append_studio(path, studio) == ()
        assert path.read_bytes().startswith(content)
    assert load(path).studios == tuple(many)


def test_the_first_studio_makes_file_and_folder(tmp_path: Path, studio: StudioSettings) -> None:
    path = tmp_path / "new" / "folder" / "config.toml"
    before = os.umask(0)
    try:
        append_studio(path, studio)
    finally:
        os.umask(before)
    assert load(path).studios == (studio,)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["config.toml"]


def test_what_is_there_already_is_not_written_again(tmp_path: Path, studio: StudioSettings) -> None:
    path = tmp_path / "config.toml"
    append_studio(path, studio)
    once = path.read_bytes() + b"read_only = true\n"
    path.write_bytes(once)
    assert append_studio(path, replace(studio, display_name="M. Vos")) == ()
    assert path.read_bytes() == once


def test_what_differs_is_told_with_its_line_and_left(
    tmp_path: Path, studio: StudioSettings
) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine\n")
    append_studio(path, studio)
    once = path.read_bytes()
    moved = replace(studio, endpoint_url="https://new.example", region="eu-west-1")
    assert append_studio(path, moved) == (
        f'{path}, line 5: change region to "eu-west-1".',
        f'{path}, line 8: change endpoint_url to "https://new.example".',
    )
    assert path.read_bytes() == once


def test_a_default_that_is_not_in_the_file_is_told_by_the_table(
    tmp_path: Path, studio: StudioSettings
) -> None:
    path = tmp_path / "config.toml"
    append_studio(path, studio)
    path.write_text(path.read_text().replace('credentials = "keyring"\n', ""))
    told = append_studio(path, replace(studio, credentials="work"))
    assert told == (f'{path}, line 1: change credentials to "work".',)


def test_a_table_written_inline_is_left_and_the_lines_are_told(
    tmp_path: Path, studio: StudioSettings
) -> None:
    path = tmp_path / "config.toml"
    path.write_text("studios = {}\n")
    (told,) = append_studio(path, studio)
    assert "[studios.northwind]\nstudio_id = " in told
    assert path.read_text() == "studios = {}\n"


def test_a_link_stays_a_link_and_its_target_is_written(
    tmp_path: Path, studio: StudioSettings
) -> None:
    target = tmp_path / "dotfiles" / "nimble.toml"
    target.parent.mkdir()
    target.write_text('theme = "light"\n')
    link = tmp_path / "config.toml"
    link.symlink_to(target)
    append_studio(link, studio)
    assert link.is_symlink()
    assert load(target).studios == (studio,)
    assert load(target).theme == "nimble-light"


def test_a_file_that_is_wrong_is_not_made_longer(tmp_path: Path, studio: StudioSettings) -> None:
    path = tmp_path / "config.toml"
    path.write_text("them = 1\n")
    with pytest.raises(SettingsError, match="theme"):
        append_studio(path, studio)
    assert path.read_text() == "them = 1\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("studio_id", "a\nb"),
        ("region", 'x"\n[keys]\nstop = "t'),
        ("endpoint_url", "http://elsewhere.example"),
        ("principal_id", ""),
    ],
)
def test_a_studio_that_could_not_be_read_back_is_not_written(
    tmp_path: Path, studio: StudioSettings, name: str, value: str
) -> None:
    path = tmp_path / "config.toml"
    object.__setattr__(studio, name, value)
    with pytest.raises(ValueError, match="must"):
        append_studio(path, studio)
    assert not path.exists()


def test_somebody_who_saves_meanwhile_loses_nothing(
    tmp_path: Path, studio: StudioSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nimble_tui.config import editing

    path = tmp_path / "config.toml"
    path.write_text('theme = "dark"\n')
    real = editing._says  # noqa: SLF001 - the moment between reading and writing
    saved = iter([True])

    def meanwhile(content: bytes, one: StudioSettings) -> bool:
        if next(saved, False):
            path.write_text('theme = "light"\n')
        return real(content, one)

    monkeypatch.setattr(editing, "_says", meanwhile)
    append_studio(path, studio)
    assert load(path).theme == "nimble-light"
    assert load(path).studios == (studio,)
