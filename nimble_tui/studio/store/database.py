"""The SQLite database: opening it safely, and its transactions."""

import hmac
import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from nimble_tui.core import sqlite
from nimble_tui.studio.store import data_file
from nimble_tui.studio.store.cipher import Cipher, PlainText
from nimble_tui.studio.store.errors import BusyError, FileGoneError, HeldStoreError, StoreError
from nimble_tui.studio.store.layout import LAYOUT, MARK, STREAM_SECRET, UPGRADES
from nimble_tui.studio.store.master_key import MasterKey
from nimble_tui.studio.store.place import PLACE, place_of
from nimble_tui.studio.store.transaction import Transaction

MAX_READERS: Final = 4

CHECK: Final = "master_key_check"
"""The fact that marks data whose secrets are encrypted, and identifies their master key."""
_TO_SCRUB: Final = "to_scrub"
"""The fact that what was encrypted may still be readable in free pages of the file."""

logger = logging.getLogger(__name__)


class Store:
    """One studio's data, in the file at `path`, or in memory where that is None.

    Threads that write take turns on one connection; threads that read have connections of their
    own, `MAX_READERS` at most, and wait for no writer. In memory there is one connection for all.
    Processes share the file. A file that is damaged, foreign or of a newer version raises
    StoreError and is left as it is. With a `master_key` the secrets in it are encrypted, those of
    a file that had none too; another one than it had, or none, raises StoreError as well. A
    `durable` store has every change on the disk before the transaction ends, whatever happens to
    the power; else a power cut can undo the last moment.

    A file that has noted its place (`claim`) and is found elsewhere is held: a copy, whose machines
    another one may be in charge of. It is read, and every change raises HeldStoreError, until
    `take_over`.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        master_key: MasterKey | None = None,
        durable: bool = False,
    ) -> None:
        self._path = path
        self._durable = durable
        self._master_key = master_key
        self._cipher = _cipher(master_key)
        self._stream_secret = master_key.derive("stream tokens") if master_key else None
        self._lock = threading.RLock()
        self._idle_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] | None = []
        self._readers = threading.BoundedSemaphore(MAX_READERS)
        with data_file.opening:
            if path is not None:
                data_file.prepare(path)
            with self._explained():
                self._connection = self._connect()
            self._identity = data_file.identity_of(path)
            data_file.open_here[self._identity] += 1
        try:
            self._place = place_of(path) if path is not None else ""
            self._open()
        except BaseException:
            self._close()
            raise

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """See one moment of the data; StoreError when it cannot be read."""
        if self._path is None:
            with self._lock, self._transaction(self._connection, "BEGIN") as transaction:
                yield transaction
            return
        with self._readers:
            connection = self._take_reader()
            try:
                with self._transaction(connection, "BEGIN") as transaction:
                    yield transaction
            finally:
                self._put_back(connection)

    @contextmanager
    def write(self, wait: float | None = None) -> Iterator[Transaction]:
        """Change the data, alone among all processes: all of it happens, or none.

        Raises BusyError where another thread or process writes for longer than `wait` seconds,
        `data_file.BUSY_SECONDS` unless given.
        """
        with self._write(wait) as transaction:
            if self.is_held(transaction):
                raise HeldStoreError(
                    f"{self._name} is a copy that is not in charge of the workstations; to change "
                    "anything in it, run nimble-tui studio takeover."
                )
            yield transaction

    def is_held(self, tx: Transaction) -> bool:
        """Return whether this is a copy that is not in charge of the machines."""
        noted = tx.fact(PLACE)
        return noted is not None and noted != self._place

    def claim(self) -> None:
        """Note that the file is in charge of its machines where it lies, if it is nowhere yet."""
        with self._write() as tx:
            if self._path is not None and tx.fact(PLACE) is None:
                tx.note(PLACE, self._place)

    @contextmanager
    def take_over(self) -> Iterator[Transaction]:
        """Change the data, in charge of the machines from then on."""
        with self._write() as tx:
            tx.note(PLACE, self._place)
            yield tx

    @contextmanager
    def _write(self, wait: float | None = None) -> Iterator[Transaction]:
        wait = data_file.BUSY_SECONDS if wait is None else wait
        if not self._lock.acquire(timeout=wait):
            raise BusyError(f"{self._name} is busy; try again.")
        try:
            with self._explained():
                self._connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
            with self._transaction(self._connection, "BEGIN IMMEDIATE") as transaction:
                yield transaction
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close the file; a later transaction raises StoreError."""
        with self._lock, self._idle_lock:
            if self._idle is not None:
                self._close()

    def _close(self) -> None:
        idle, self._idle = self._idle or [], None
        for connection in (self._connection, *idle):
            connection.close()
        with data_file.opening:
            data_file.open_here[self._identity] -= 1

    @property
    def _name(self) -> str:
        return f"The studio's data file {self._path}" if self._path else "The studio's memory"

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite.connect(self._path, data_file.BUSY_SECONDS)
        # A text that is no UTF-8 makes its own record bad, not the reading of all.
        connection.text_factory = _text
        return connection

    def _take_reader(self) -> sqlite3.Connection:
        with self._idle_lock:
            if self._idle is None:
                raise StoreError(f"{self._name} is closed.")
            if self._idle:
                return self._idle.pop()
        with self._explained():
            connection = self._connect()
        try:
            self._check_in_place()
        except StoreError:
            connection.close()  # it may lead to another file
            raise
        return connection

    def _put_back(self, connection: sqlite3.Connection) -> None:
        with self._idle_lock:
            if self._idle is not None:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def _transaction(self, connection: sqlite3.Connection, begin: str) -> Iterator[Transaction]:
        with self._explained():
            self._check_in_place()
            with sqlite.transaction(connection, begin):
                yield Transaction(connection, self._cipher, self._stream_secret)

    def _check_in_place(self) -> None:
        if data_file.identity_of(self._path) != self._identity:
            raise FileGoneError(
                f"{self._name} was removed or replaced while it was in use; "
                "put it back, or start the studio again."
            )

    def _open(self) -> None:
        with self._explained():
            sqlite.check(self._connection)
        with self._transaction(self._connection, "BEGIN IMMEDIATE") as tx:
            if sqlite.read_mark(self._connection).application_id == MARK.application_id:
                self._check_master_key(tx)
            self._lay_out()
            if not self.is_held(tx):
                self._encrypt(tx)
        # Refused on some network drives and while others are busy; then it works as it is.
        with suppress(sqlite3.OperationalError):
            mode = self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode == ("wal",):
                # NORMAL is enough in WAL for the file itself: a power cut can lose the last moment.
                level = "FULL" if self._durable else "NORMAL"
                self._connection.execute(f"PRAGMA synchronous = {level}")
        if self._durable:  # on macOS a disk holds back what it was only asked to write
            self._connection.execute("PRAGMA fullfsync = ON")
        self._scrub()

    def _check_master_key(self, tx: Transaction) -> None:
        """Refuse data that were encrypted with another master key than the one given."""
        check = tx.fact(CHECK)
        if check is None:
            return
        if self._master_key is None:
            raise StoreError(
                f"The access keys in {self._path} are encrypted; use --config with the studio's "
                "settings, which name the master key in [studio] master_key."
            )
        if not hmac.compare_digest(check, self._master_key.check):
            raise StoreError(
                f"The access keys in {self._path} were encrypted with a different master key; put "
                "that one back where [studio] master_key names it."
            )

    def _encrypt(self, tx: Transaction) -> None:
        """Encrypt the secrets of a file that has been without a master key."""
        if self._master_key is None or tx.fact(CHECK) is not None:
            return
        tx.encrypt_keys()
        tx.forget_fact(STREAM_SECRET)
        tx.note(CHECK, self._master_key.check)
        tx.note(_TO_SCRUB, "yes")

    def _scrub(self) -> None:
        """Write the file again without what is no part of it, where that may hold secrets."""
        with self.read() as tx:
            if tx.fact(_TO_SCRUB) is None:
                return
        try:
            with self._explained():
                self._connection.execute("VACUUM")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with self._write() as tx:
                tx.forget_fact(_TO_SCRUB)
        except StoreError as error:  # tried again when it is next opened
            logger.warning("Keys from before the encryption may still be in the file: %s", error)
        if self._path is not None:
            for copy in sorted(self._path.parent.glob(f"{self._path.name}.version-*")):
                logger.warning("%s still holds access keys that are not encrypted.", copy)

    def _lay_out(self) -> None:
        mark = sqlite.read_mark(self._connection)
        if mark.application_id == MARK.application_id:
            if mark.version > MARK.version:
                raise StoreError(
                    f"The studio's data file {self._path} was made by a newer nimble-tui; "
                    "update this one, or choose another file."
                )
            if mark.version in UPGRADES:
                self._upgrade(mark.version)
            elif mark.version < MARK.version:
                raise StoreError(
                    f"The studio's data file {self._path} was made before the first release of "
                    "nimble-tui; move it away to start with a new one."
                )
            return
        if self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() != (0,):
            raise StoreError(
                f"The file {self._path} belongs to another program; choose another file."
            )
        self._lay_out_by(LAYOUT)

    def _upgrade(self, version: int) -> None:
        """Bring the layout up to date, after a copy of the file as it is."""
        if self._path is not None:
            data_file.copy_of_version(self._path, version)
        for older in range(version, MARK.version):
            self._lay_out_by(UPGRADES[older])

    def _lay_out_by(self, statements: str) -> None:
        for statement in statements.split(";\n"):
            self._connection.execute(statement)
        sqlite.write_mark(self._connection, MARK)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite says into a sentence."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if sqlite.kind(error) in sqlite.BUSY:
                raise BusyError(f"{self._name} is busy with another program; try again.") from error
            raise StoreError(
                f"{self._name} cannot be read or written; check its permissions and the disk."
            ) from error
        except sqlite3.ProgrammingError as error:
            if self._idle is not None:
                raise  # a mistake of ours, or a value that cannot be stored
            raise StoreError(f"{self._name} is closed.") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(data_file.DAMAGED.format(self._name)) from error


def _cipher(master_key: MasterKey | None) -> Cipher:
    if master_key is None:
        return PlainText()
    # In an extra, and slow to import: a demo does without.
    from nimble_tui.studio.store.encryption import FernetCipher  # noqa: PLC0415

    return FernetCipher(master_key)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
