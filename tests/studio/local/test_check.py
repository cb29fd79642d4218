"""The check of this machine as a host of workstations."""

from pathlib import Path

import pytest

from nimble_tui.studio.compute.local import check
from nimble_tui.studio.compute.local.backend import LocalCompute
from nimble_tui.studio.compute.local.settings import DEFAULT, LocalSettings
from nimble_tui.studio.computes import compute_of
from nimble_tui.studio.config_file import read_config
from tests.studio.local.local_world import LIMITS, needs_sandboxes


@needs_sandboxes
def test_the_settings_name_the_backend_and_what_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "studio.toml"
    path.write_text(
        '[studio]\nstore = "s.db"\ncompute = "local"\n[serve]\nlisten = "127.0.0.1:0"\n'
        f'[local.types.{DEFAULT}]\ncpus = 1\nmemory = "1 GiB"\ndisk = "1 GiB"\n'
        '[local.shares]\nprojects = "not-there"\n',
        encoding="utf-8",
    )
    compute = compute_of(read_config(path))
    assert isinstance(compute, LocalCompute)
    said = {finding.text: finding.ok for finding in compute.check()}
    assert said["Workstations run in bubblewrap's sandboxes on this machine."]
    assert (
        said[f"The folder of the share projects does not exist: {tmp_path / 'not-there'}."] is False
    )
    for word in ("Memory is limited", "Disk is limited", "network"):
        assert any(word in text for text in said) or "cgroup v2" in str(said)


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(check, "_PATH", str(tmp_path))
    settings = LocalSettings(folder=tmp_path, types={DEFAULT: LIMITS})
    assert check.missing_packages() == ["bubblewrap", "tigervnc-standalone-server"]
    assert "bubblewrap, tigervnc-standalone-server" in check.missing(settings)
    (finding,) = check.findings(settings)
    assert not finding.ok


@needs_sandboxes
def test_a_network_device_that_artists_cannot_open_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    device = tmp_path / "tun"
    device.touch()
    monkeypatch.setattr(check, "_TUN", device)
    settings = LocalSettings(folder=tmp_path / "workstations", types={DEFAULT: LIMITS})
    if not check.pasta():
        pytest.skip("needs Debian's passt")
    for mode, can in ((0o666, True), (0o000, False)):
        device.chmod(mode)
        texts = [one.text for one in check.findings(settings)]
        assert any("has its own network" in text for text in texts) is can
        assert any("Workstations have no network" in text for text in texts) is not can
