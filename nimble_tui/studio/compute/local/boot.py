"""Brings a workstation up: its folders, its setup scripts, its screen and its session."""

import itertools
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from nimble_tui.studio.compute.local import backups, bubblewrap, folder, sandbox, session, sockets
from nimble_tui.studio.compute.local.limits import Cage
from nimble_tui.studio.compute.local.namespaces import LAYER_FAILED, Staging
from nimble_tui.studio.compute.local.watch import INTERNAL, SOON, FailureError, Watch, now, said

_SCREEN_WITHIN: Final = 30.0
_STEADY_FOR: Final = 0.3
"""Seconds that a session must last for its workstation to be ready."""
_SCRIPT_FAILED: Final = "INITIALIZATION_SCRIPT_ERROR"
_GREETING: Final = b"RFB "


class Boot:
    """Brings one workstation up as a plan says; the current folder is its own."""

    def __init__(self, watch: Watch, plan: dict[str, Any], cage: Cage) -> None:
        self._watch = watch
        self._plan = plan
        self._cage = cage
        self._first_uid: int | None = plan["first_uid"]

    def run(self) -> None:
        """Return once the workstation is ready; raises FailureError, EndedError or OSError."""
        self._cage.make()
        self._prepare_folders()
        layer_name = self._initialize_system()
        for script in self._plan["scripts"]:
            if not script["as_root"]:
                self._run_script(script, layer_name)
        self._start_session(layer_name)

    def _prepare_folders(self) -> None:
        """Restore a backup, and make what is missing."""
        source = self._plan["restore"]
        if source:
            self._watch.run_all(
                backups.restore_commands(Path(source)), "The backup cannot be restored"
            )
            backups.swap_in(Path.cwd())
        self._watch.run_all([["rm", "-rf", "--", folder.RUN]], "An old folder cannot be removed")
        user = self._staging("").host_user
        group = -1 if self._first_uid is None else user
        for name in (folder.HOME, folder.RUN):
            path = Path(name)
            if not path.exists():
                path.mkdir(mode=0o700)
                os.chown(path, user, group)
            elif path.stat().st_mode & 0o700 != 0o700:
                path.chmod(0o700)  # or its artist could not undo what they did to their home
        for _, target in self._plan["mounts"]:
            _clear_way(Path(target))
        authority = Path(folder.RUN, "xauthority")
        number = os.open(authority, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            os.write(number, bytes.fromhex(self._plan["authority"]))
            os.fchown(number, user, group)
        finally:
            os.close(number)

    def _initialize_system(self) -> str:
        """Run the scripts that change the system; return the name of the writable layer, if any.

        They run once for a layer, which has its name when all of them have succeeded. Where there
        can be none, they run at each start and change nothing that lasts.
        """
        scripts = [one for one in self._plan["scripts"] if one["as_root"]]
        if Path(folder.LAYER).exists():
            return folder.LAYER
        if not scripts:
            return ""
        state, new = self._watch.state, Path(f"{folder.LAYER}.new")
        owner = self._staging("").host_root
        self._watch.run_all([["rm", "-rf", "--", new.name]], "An old folder cannot be removed")
        new.mkdir(mode=0o755)
        os.chown(new, owner, -1 if self._first_uid is None else owner)
        name = new.name
        for script in scripts:
            if not self._run_script(script, name):
                note = (
                    "This machine allows no writable layer: setup scripts can't change the system."
                )
                state.notes, name = f"{state.notes} {note}".strip(), ""
                self._run_script(script, name)
        if name:
            new.rename(folder.LAYER)
        return folder.LAYER if name else ""

    def _run_script(self, script: dict[str, Any], layer_name: str) -> bool:
        """Run a script; return False where it was not begun, since its layer is not allowed."""
        text, name = script["text"], script["component"]
        command = [f"/run/{bubblewrap.SCRIPT}"]
        if not text.startswith("#!"):
            text, command = f"{text}\n", ["/bin/sh", *command]
        seconds = self._plan["script_seconds"]
        self._start(
            session.script_command(command),
            layer_name,
            as_root=script["as_root"],
            environment=script["environment"],
            script=text,
        )
        process = self._watch.process
        status = self._watch.until_ended(now() + seconds)
        words = said(process.tail) if process else ""
        words = f" It said: {words}" if words else ""
        if status is None:
            raise FailureError(
                _SCRIPT_FAILED,
                f"The setup script of {name} took longer than {seconds / 60:g} minutes.{words}",
            )
        if status == LAYER_FAILED and process is not None and not process.has_begun:
            return False
        if status != 0:
            raise FailureError(
                _SCRIPT_FAILED, f"The setup script of {name} failed with status {status}.{words}"
            )
        return True

    def _start_session(self, layer_name: str) -> None:
        plan = self._plan
        command = session.session_command(plan["server"], plan["session"])
        self._start(command, layer_name, environment=plan["environment"])
        until, seen = now() + _SCREEN_WITHIN, 0.0
        while True:
            process = self._watch.process
            status = process.poll() if process else -1
            if process is None or status is not None:
                words = said(process.tail) if process else ""
                raise FailureError(
                    INTERNAL,
                    f"The desktop session ended at once with status {status}."
                    + (
                        f" It said: {words}" if words else " Ask your admin to look at its command."
                    ),
                )
            if not seen and _screen_answers():
                seen = now()
            if seen and now() - seen >= _STEADY_FOR:
                return
            if now() > until:
                raise FailureError(INTERNAL, "The workstation's screen did not answer in time.")
            self._watch.turn(SOON)
            self._watch.check_ending()

    def _staging(self, layer_name: str, script: str | None = None) -> Staging:
        plan = self._plan
        files = dict(plan["files"])
        if script is not None:
            files[bubblewrap.SCRIPT] = script
        return Staging(
            folder=str(Path.cwd()),
            first_uid=self._first_uid,
            folders=plan["folders"],
            files=files,
            layer=layer_name,
            own_network=plan["own_network"],
        )

    def _start(
        self,
        command: list[str],
        layer_name: str,
        *,
        as_root: bool = False,
        environment: dict[str, str] | None = None,
        script: str | None = None,
    ) -> None:
        plan = self._plan
        staging = self._staging(layer_name, script)
        options = bubblewrap.options(
            staging,
            environment or plan["environment"],
            [(name, target) for name, target in plan["mounts"]],
            plan["hidden"],
            as_root=as_root,
            hostname=plan["hostname"],
            memory=self._watch.state.memory,
        )
        process = sandbox.start_sandbox(
            staging,
            options,
            command,
            self._cage,
            as_root=as_root,
            pasta=plan["pasta"],
            wait=self._watch.turn,
        )
        self._watch.follow(process)
        process.order(session.BEGIN)


def _clear_way(target: Path) -> None:
    """Rename what is in the home where a share is to be shown: a link would lead elsewhere."""
    if not target.is_relative_to(bubblewrap.HOME):
        return
    path = Path(folder.HOME)
    for name in target.relative_to(bubblewrap.HOME).parts:
        path /= name
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            names = (path.with_name(f"{name}.{number}") for number in itertools.count(1))
            path.rename(next(free for free in names if not os.path.lexists(free)))


def _screen_answers() -> bool:
    with (
        suppress(OSError),
        sockets.connect(Path(folder.RUN, folder.SCREEN), 0.5) as connection,
    ):
        return connection.recv(12).startswith(_GREETING)
    return False
