"""The keys of an AWS profile, which can need a prompt.

Keys are looked up in the threads of calls, which never prompt: a profile that needs an answer
there raises NeedsAnswerError, and the caller of the call prompts where that is possible.
"""

import re
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol, TypeVar

from botocore.credentials import Credentials, ProcessProvider, ReadOnlyCredentials
from botocore.exceptions import RefreshWithMFAUnsupportedError
from botocore.session import Session
from botocore.utils import JSONFileCache, parse_timestamp

from nimble_tui.api import new_botocore_session
from nimble_tui.client.deadlines import CURRENT
from nimble_tui.client.errors import CallError, Peer, unusable
from nimble_tui.client.programs import Program
from nimble_tui.config.files import make_folder
from nimble_tui.config.paths import aws_caches, aws_files, with_tilde
from nimble_tui.core.service import ErrorKind
from nimble_tui.core.text import clean

T = TypeVar("T")

_MOST_ANSWERS = 4
_KEYS_FROM = "credential_provider"
# TokenCode of AssumeRole, as the AWS STS API reference gives it.
_CODE = re.compile(r"[0-9]{6}")


class Prompt(Protocol):
    """The person at the terminal; both methods block until the answer."""

    def code(self, question: str) -> str:
        """Return the one-time code that the person types."""
        ...

    def run(self, program: Sequence[str]) -> tuple[int, bytes]:
        """Run a program that can prompt itself; return its exit code and its output."""
        ...


class NeedsAnswerError(CallError):
    """Keys that need the person: a code, or a program with its own prompt."""

    def __init__(self, message: str, *, question: str = "", program: Sequence[str] = ()) -> None:
        super().__init__(ErrorKind.NOT_SIGNED_IN, message)
        self.question = question
        self.program = tuple(program)


class AwsProfile:
    """An AWS profile that signs for one or more services; thread-safe.

    `setting` is its name in the settings; without a `prompt`, codes are not available.
    """

    def __init__(
        self, name: str, setting: str = "credentials", prompt: Prompt | None = None
    ) -> None:
        self.name = name
        self.peer = Peer(f"AWS profile {name}", None, name, setting)
        self._prompt = prompt
        self._credentials = _ProfileCredentials(self._load, self.peer)
        # What the person gave, each to be used once.
        self._codes: dict[str, str] = {}
        self._printed: dict[tuple[str, ...], bytes] = {}

    def load_credentials(self) -> Credentials:
        """Return the signer that botocore expects; looks up no key yet."""
        return self._credentials

    def need_keys(self) -> None:
        """Look the keys up unless that was done; CallError without keys."""
        self._credentials.get_frozen_credentials()

    def sign_for(self, session: Session) -> None:
        """Let the clients of a botocore session sign with these keys."""
        session.register_component(_KEYS_FROM, self)

    def with_answers(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, done again where the person had to answer something first.

        Only the main thread of a program may hold up everything for a person.
        """
        for _ in range(_MOST_ANSWERS):
            try:
                return work()
            except NeedsAnswerError as error:
                if self._prompt is None or (
                    threading.current_thread() is not threading.main_thread()
                ):
                    raise
                needed = error
            self._answer(self._prompt, needed)
        raise needed

    def _answer(self, prompt: Prompt, needed: NeedsAnswerError) -> None:
        if needed.question:
            typed = prompt.code(needed.question)
            if not _CODE.fullmatch(typed):
                raise CallError(ErrorKind.NOT_SIGNED_IN, "A code has six digits; nothing was sent.")
            self._codes[needed.question] = typed
            return
        code, printed = prompt.run(needed.program)
        if code != 0:
            raise CallError(
                ErrorKind.NOT_SIGNED_IN,
                f"The AWS profile {clean(self.name)} has no keys: its credential_process failed "
                f"(exit code {code}); check it in {clean(with_tilde(aws_files()[0]))}.",
            )
        self._printed[needed.program] = printed

    def _load(self) -> Credentials:
        session = new_botocore_session(self.name)
        resolver: Any = session.get_component(_KEYS_FROM)

        def new_process_provider(profile_name: str) -> ProcessProvider:
            return ProcessProvider(profile_name, lambda: session.full_config, popen=self._popen)

        role = resolver.get_provider("assume-role")
        role.cache = SharedCache()
        # botocore offers no other way: it hands no prompter and no Popen on.
        role._prompter = self._code  # noqa: SLF001
        role._profile_provider_builder._create_process_provider = new_process_provider  # noqa: SLF001
        resolver.get_provider(ProcessProvider.METHOD)._popen = self._popen  # noqa: SLF001
        found: Credentials | None = resolver.load_credentials()
        if found is None:
            raise CallError(
                ErrorKind.NOT_SIGNED_IN,
                f"The AWS profile {clean(self.name)} has no keys; sign in to it (aws sso login), "
                "then try again.",
            )
        return found

    def _code(self, question: str) -> str:
        with suppress(KeyError):
            return self._codes.pop(question)
        raise NeedsAnswerError(
            f"The AWS profile {clean(self.name)} needs a code; sign in to it in a terminal first "
            "(nimble-tui doctor prompts for the code), then try again.",
            question=question,
        )

    def _popen(self, program: Sequence[str], **_: object) -> "_Answer":
        """Run a credential_process apart from the terminal, in place of subprocess.Popen."""
        printed = self._printed.pop(tuple(program), None)
        if printed is not None:
            return _Answer(printed)
        with Program(program, apart=True) as running:
            CURRENT.get().wait_for(running)
            code, printed = running.answer()
        if code != 0:
            raise NeedsAnswerError(
                f"The AWS profile {clean(self.name)} has no keys: its credential_process failed, "
                "and may need a code; sign in to it in a terminal first, then try again.",
                program=program,
            )
        return _Answer(printed)


class _Answer:
    """The output of a program, in the form that ProcessProvider reads."""

    returncode = 0

    def __init__(self, printed: bytes) -> None:
        self._printed = printed

    def communicate(self) -> tuple[bytes, bytes]:
        return self._printed, b""


class _ProfileCredentials(Credentials):
    """Keys that are looked up when a request is signed, and again after a failure."""

    def __init__(self, load: Callable[[], Credentials], peer: Peer) -> None:
        super().__init__("", "", method="aws-profile")
        self._load = load
        self._peer = peer
        self._lock = threading.Lock()
        self._loaded: Credentials | None = None

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return keys that are good for now; CallError when there are none."""
        with self._lock:
            try:
                return self._keys()
            except Exception as error:  # noqa: BLE001 - an AWS config can break botocore in any way
                self._loaded = None
                fault = unusable(error, self._peer)
        raise fault

    def _keys(self) -> ReadOnlyCredentials:
        if self._loaded is not None:
            # The keys of a role that took a code are never renewed, only looked up again.
            with suppress(RefreshWithMFAUnsupportedError):
                return self._loaded.get_frozen_credentials()
        self._loaded = self._load()
        return self._loaded.get_frozen_credentials()


class SharedCache(JSONFileCache):
    """The AWS CLI's own cache of roles' keys: a code that was typed for either serves both.

    A file that cannot be read or written, or holds anything else, is as good as none.
    """

    def __init__(self) -> None:
        self._folder = aws_caches()[0]
        super().__init__(str(self._folder))

    def __contains__(self, cache_key: object) -> bool:
        with suppress(KeyError):
            keys = self[str(cache_key)]["Credentials"]
            names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
            if all(isinstance(keys.get(name), str) for name in names):
                return _is_time(keys.get("Expiration"))
        return False

    def __getitem__(self, cache_key: str) -> Any:
        value = super().__getitem__(cache_key)
        if not isinstance(value, dict) or not isinstance(value.get("Credentials"), dict):
            raise KeyError(cache_key)
        return value

    def __setitem__(self, cache_key: str, value: Any) -> None:
        with suppress(OSError):
            make_folder(self._folder)
            super().__setitem__(cache_key, value)


def _is_time(value: object) -> bool:
    try:
        return parse_timestamp(str(value)).tzinfo is not None
    except (ValueError, OverflowError):
        return False
