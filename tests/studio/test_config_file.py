"""studio.toml: read strictly, every problem at once."""

from pathlib import Path

import pytest

from nimble_tui.studio.compute.local.settings import Limits, LocalSettings
from nimble_tui.studio.config_file import ConfigError, Listen, StudioConfig, read_config


def read(tmp_path: Path, text: str) -> StudioConfig:
    path = tmp_path / "studio.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    return str(caught.value).splitlines()


def test_the_example_is_right_and_names_everything(project: Path) -> None:
    config = read_config(project / "studio.example.toml")
    assert config == StudioConfig(
        name="Northwind Animation",
        region="us-west-2",
        store=project / "studio.sqlite3",
        listen=Listen("0.0.0.0", 8443),  # noqa: S104 - what the example says
        public_url="https://nimble.northwind.example:8443",
        certificate=project / "server.pem",
        key=project / "server.key",
        master_key=project / "master.key",
    )


def test_little_is_enough_on_loopback(tmp_path: Path) -> None:
    config = read(tmp_path, '[studio]\nstore = "/srv/s.db"\n[serve]\nlisten = "[::1]:0"\n')
    assert (config.store, config.listen) == (Path("/srv/s.db"), Listen("::1", 0))


def test_all_problems_come_at_once_with_their_lines(tmp_path: Path) -> None:
    text = (
        '[studio]\nnmae = "x"\nregion = "west"\ncompute = "ec3"\n'
        '[serve]\nlisten = "everywhere"\npublic_url = "http://x.example"\ntrusted_proxies = ["*"]\n'
    )
    assert problems(tmp_path, text) == [
        f"studio.toml, line {line}"
        for line in (
            '2: [studio] nmae: unknown setting; did you mean "name"?',
            '3: [studio] region: must be a region such as "us-west-2".',
            '4: [studio] compute: must be "simulated" or "local".',
            "1: [studio]: store is missing.",
            (
                "6: [serve] listen: must be an address and a port, such as "
                '"0.0.0.0:8443" or "[::]:8443".'
            ),
            (
                "7: [serve] public_url: must begin with https:// "
                "(http:// is only for a studio on this computer)."
            ),
            (
                "8: [serve] trusted_proxies: can contain only IP addresses of proxies, "
                'such as ["10.0.0.5"].'
            ),
        )
    ]


HEAD = '[studio]\nstore = "s.db"\n[serve]\n'


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('listen = "0.0.0.0:1"\npublic_url = "https://x.example"', "needs certificate and key"),
        ('listen = "127.0.0.1:1"\ncertificate = "c.pem"', "needs key too"),
        ('listen = "127.0.0.1:1"\nkey = "c.pem"', "needs certificate too"),
        (
            'listen = "0.0.0.0:1"\ntrusted_proxies = ["10.0.0.1"]',
            "public_url is missing: the address under which artists reach it",
        ),
        ('listen = "127.0.0.1:99999"', "an address and a port"),
        ('listen = "127.0.0.1:1"\npublic_url = "https://x.example/a"', "must end after the host"),
        (
            'listen = "127.0.0.1:1"\npublic_url = "https://nimble.us-west-2.amazonaws.com"',
            "must be your own address: AWS's service closed",
        ),
        (
            (
                'listen = "127.0.0.1:1"\npublic_url = "http://127.0.0.1:1"\n'
                'certificate = "c"\nkey = "k"'
            ),
            "must begin with https://",
        ),
        ('listen = "127.0.0.1:1"\ncertificate = ""', "must be the name of a file"),
        ("listen = 8443", "must be text in quotes"),
        ("listen = 127.0.0.1:8443", "line 4"),
        ('secret_key = "x"', "looks like a secret"),
    ],
)
def test_what_does_not_fit_is_a_sentence(tmp_path: Path, lines: str, says: str) -> None:
    assert any(says in one for one in problems(tmp_path, f"{HEAD}{lines}\n"))


def test_a_proxy_that_speaks_tls_needs_no_certificate_here(tmp_path: Path) -> None:
    lines = 'listen = "10.0.0.2:80"\npublic_url = "https://x.example"\ntrusted_proxies = ["::1"]\n'
    assert read(tmp_path, HEAD + lines).trusted_proxies == ("::1",)


@pytest.mark.parametrize("content", [b"\xff", b"#" * 1_100_000, b"[studio", b"studio = 1\n"])
def test_what_is_no_such_file_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "studio.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"studio\.toml"):
        read_config(path)
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_config(tmp_path / "none.toml")


@pytest.mark.parametrize("value", ["0", "3651", "true", "1.5", '"400"'])
def test_a_retention_of_the_audit_log_is_a_number_of_days(tmp_path: Path, value: str) -> None:
    text = f'[studio]\nstore = "s.db"\naudit_days = {value}\n[serve]\nlisten = "127.0.0.1:1"\n'
    assert problems(tmp_path, text) == [
        "studio.toml, line 3: [studio] audit_days: must be a number of days from 1 to 3650."
    ]


def test_a_master_key_is_in_a_file_or_in_the_keyring(tmp_path: Path) -> None:
    for value, expected in (("keys/m", tmp_path / "keys" / "m"), ("keyring", "keyring")):
        text = f'[studio]\nstore = "s.db"\nmaster_key = "{value}"\n[serve]\nlisten = "[::1]:0"\n'
        assert read(tmp_path, text).master_key == expected


LOCAL = '[studio]\nstore = "/srv/s.db"\ncompute = "local"\n[serve]\nlisten = "127.0.0.1:0"\n'


def test_workstations_on_this_machine_have_their_settings(tmp_path: Path) -> None:
    text = (
        f'{LOCAL}[local]\ncpus = 8\nmemory = "16 GiB"\nfolder = "ws"\nscript_minutes = 2\n'
        '[local.types."g5.xlarge"]\ncpus = 2\nmemory = "512 MiB"\ndisk = "1 TiB"\n'
        '[local.shares]\nprojects = "/srv/projects"\n'
        '[local.images]\ndefault = ["openbox-session"]\n'
    )
    assert read(tmp_path, text).local == LocalSettings(
        folder=tmp_path / "ws",
        types={"g5.xlarge": Limits(cpus=2, memory=2**29, disk=2**40)},
        shares={"projects": Path("/srv/projects")},
        images={"default": ("openbox-session",)},
        cpus=8,
        memory=2**34,
        script_seconds=120,
        hidden=(Path("/srv"),),
    )
    assert read(tmp_path, LOCAL).local == LocalSettings(
        folder=Path("/srv/workstations"), hidden=(Path("/srv"),)
    )
    assert read(tmp_path, LOCAL.replace('compute = "local"\n', "")).local is None


def test_problems_with_workstations_on_this_machine_are_said(tmp_path: Path) -> None:
    text = (
        f"{LOCAL}[local]\ncpu = 8\nmemory = 16\nfirst_uid = 0\n"
        '[local.types."g5.xlarge"]\ncpus = true\ndisk = "many"\n'
        '[local.types."$(id)"]\n[local.shares]\nprojects = 7\n[local.images]\nami-1 = "xterm"\n'
    )
    assert problems(tmp_path, text) == [
        f"studio.toml, line {line}"
        for line in (
            '7: [local] cpu: unknown setting; did you mean "cpus"?',
            '8: [local] memory: must be a size in quotes, such as "16 GiB".',
            "9: [local] first_uid: must be a whole number from 65536 to 4278190080.",
            "11: [local] types.g5.xlarge.cpus: must be a whole number from 1 to 4096.",
            '12: [local] types.g5.xlarge.disk: must be a size in quotes, such as "16 GiB".',
            "10: [local] types.g5.xlarge: memory is missing.",
            "13: [local] types.$(id): its name can contain only letters, digits and .:/@_-",
            '15: [local] shares.projects: must be text in quotes, such as "this".',
            (
                "17: [local] images.ami-1: must be a command as a list of words, such as "
                '["startxfce4"].'
            ),
        )
    ]
