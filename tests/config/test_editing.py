import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nimble_tui.config.editing import append_studio
from nimble_tui.config.loading import load
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
    identity_store_id=st.sampled_from(["", "d-9267a41c58"]),
    domain_id=st.sampled_from(["", "dzd_k7m2qv9xw4nbt6", "dzd-4k2m9x7q1w5v3t"]),
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


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("own", ["", 'domain_id = "dzd-mine"\n'])
def test_where_people_are_looked_up_is_added_to_a_table_that_does_not_say(
    tmp_path: Path, studio: StudioSettings, end: str, own: str
) -> None:
    path = tmp_path / "config.toml"
    append_studio(path, studio)
    mine = f"# mine\n{path.read_text()}{own}accent = '#fff'\n\n[prices]\n# last"
    path.write_bytes(mine.replace("\n", end).encode())
    before = load(path)
    told = replace(studio, identity_store_id="d-9267a41c58", domain_id="dzd-told")
    assert append_studio(path, told) == ()
    lines = path.read_bytes().decode().split(end)
    new = [one for one in lines if one not in mine.split("\n")]
    domain = "dzd-mine" if own else "dzd-told"
    assert [one.partition(" ")[0] for one in new] == ["identity_store_id", "domain_id"][: len(new)]
    assert [one for one in lines if one not in new] == mine.split("\n")
    (known,) = before.studios
    wanted = replace(known, identity_store_id="d-9267a41c58", domain_id=domain)
    assert load(path) == replace(before, studios=(wanted,))
    once = path.read_bytes()
    assert append_studio(path, replace(told, identity_store_id="d-0000000000")) == ()
    assert path.read_bytes() == once


def test_what_cannot_be_added_is_told(tmp_path: Path, studio: StudioSettings) -> None:
    path = tmp_path / "config.toml"
    append_studio(path, studio)
    body = path.read_text().replace("\n", ", ").replace("[studios.northwind], ", "")
    path.write_text("[studios]\nnorthwind = { " + body.rstrip(", ") + " }\n")
    once = path.read_text()
    told = append_studio(path, replace(studio, domain_id="dzd-told"))
    assert told == (f'{path}, line 2: add domain_id = "dzd-told".',)
    assert path.read_text() == once


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
        ("domain_id", 'dzd-x"\n[keys]'),
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
