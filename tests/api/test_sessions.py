"""boto3 and botocore sessions that know the Nimble Studio API."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.session import Session as BotocoreSession

from nimble_tui.api import new_botocore_session, register


def client_of(session: Any, service: str = "nimble", region: str = "us-west-2") -> Any:
    return session.client(
        service,
        region_name=region,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="example",
    )


def test_register_teaches_a_boto3_session() -> None:
    session = boto3.Session()
    register(session)
    client = client_of(session)
    assert client.meta.endpoint_url == "https://nimble.us-west-2.amazonaws.com"
    assert client.meta.service_model.api_version == "2020-08-01"
    assert len(client.waiter_names) == 12
    assert client.can_paginate("list_streaming_sessions")


def test_register_teaches_a_botocore_session() -> None:
    core = BotocoreSession()
    register(core)
    client = client_of(boto3.Session(botocore_session=core), region="eu-west-1")
    assert client.meta.endpoint_url == "https://nimble.eu-west-1.amazonaws.com"


def test_register_after_the_session_listed_its_services() -> None:
    session = boto3.Session()
    before = set(session.get_available_services())
    register(session)
    assert set(session.get_available_services()) == before | {"nimble"}
    assert client_of(session).meta.service_model.service_name == "nimble"
    assert client_of(session, "sts").meta.service_model.service_name == "sts"


def test_register_twice_is_once() -> None:
    core = BotocoreSession()
    register(core)
    loader = core.get_component("data_loader")
    register(core)
    assert core.get_component("data_loader") is loader


def test_a_new_session_reads_no_aws_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "config"
    broken.write_text("[profile lab\nregion = mars")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(broken))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(broken))
    monkeypatch.setenv("AWS_PROFILE", "gone")
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    core = new_botocore_session()
    client = client_of(boto3.Session(botocore_session=core))
    assert client.meta.endpoint_url == "https://nimble.us-west-2.amazonaws.com"
    assert len(client.waiter_names) == 12
    assert core.full_config == {"profiles": {}}


def test_a_new_session_ignores_an_older_model_of_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".aws" / "models" / "nimble" / "2030-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text("{}")
    monkeypatch.setattr("botocore.loaders.Loader.CUSTOMER_DATA_PATH", str(folder.parents[1]))
    core = new_botocore_session()
    client = client_of(boto3.Session(botocore_session=core))
    assert client.meta.service_model.api_version == "2020-08-01"


def test_a_session_of_a_profile_has_that_profiles_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = tmp_path / "credentials"
    credentials.write_text("[lab]\naws_access_key_id = AKIDLAB\naws_secret_access_key = lab\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    session = boto3.Session(botocore_session=new_botocore_session("lab"))
    found = session.get_credentials()
    assert found is not None
    assert found.access_key == "AKIDLAB"
    assert client_of(session).meta.service_model.service_name == "nimble"


def test_the_api_needs_no_boto3() -> None:
    code = "import sys, nimble_tui.api; sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
