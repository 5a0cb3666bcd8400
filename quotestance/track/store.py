"""Opening the DuckDB file of a ledger: one writer at a time, readers between its transactions.

DuckDB lets either one process write or several read. A ledger therefore opens its file only
for the moment of a query or of a transaction, so that readers are welcome while a long
``track add`` runs; a lock file beside it keeps a second writer out for the whole of it.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from quotestance.track import schema
from quotestance.track.extras import need
from quotestance.track.schema import LedgerError

PATIENCE_S = 10.0


class Store:
    """The file of one ledger.

    Args:
        path: Where it is; made there where nothing is yet.
        memory: The most that DuckDB may hold, such as ``128MB``; the rest goes to disk.

    Raises:
        LedgerError: The file is no ledger or of a newer schema.
    """

    def __init__(self, path: str | Path, memory: str = "128MB") -> None:
        self.path = Path(path)
        self._memory = memory
        self._mutex = threading.RLock()
        self._open: Any = None
        self._guard: IO[str] | None = None
        if self.path.is_dir():
            raise LedgerError(f"{path}: expected a ledger file, found a folder")
        if not self.path.exists():
            self._make()
        with self.reading() as con:
            found = schema.version_of(con, self.path)
        if found < schema.VERSION:
            with self.sole_writer(), self._connected(read_only=False) as con:
                schema.migrate(con)

    def _make(self) -> None:
        """Write an empty ledger beside the path and move it there, so that none is half made."""
        if not self.path.parent.is_dir():
            raise LedgerError(f"{self.path}: the folder does not exist", hint="make it first")
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.new")
        draft.unlink(missing_ok=True)
        con = need("duckdb").connect(str(draft))
        schema.create(con)
        con.close()
        draft.replace(self.path)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Any]:
        """A DuckDB connection for queries; within another one, the same again."""
        with self._mutex:
            if self._open is not None:
                yield self._open
                return
            with self._connected(read_only=True) as con:
                yield con

    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        """A connection inside one transaction: committed at the end, rolled back on an error."""
        with self._mutex, self.sole_writer(), self._connected(read_only=False) as con:
            con.execute("BEGIN")
            try:
                yield con
            except BaseException:
                con.execute("ROLLBACK")
                raise
            con.execute("COMMIT")

    @contextlib.contextmanager
    def sole_writer(self) -> Iterator[None]:
        """Keep other writers out, from the first such block to the end of the outermost one.

        Raises:
            LedgerError: Another process or thread is writing.
        """
        with self._mutex:
            if self._guard is not None:
                yield
                return
            lock = self.path.with_name(self.path.name + ".lock")
            with lock.open("a+", encoding="ascii") as file:
                if not _try_lock(file):
                    file.seek(0)
                    who = file.read().strip() or "unknown"
                    raise LedgerError(
                        f"{self.path}: another writer is at work (process {who})",
                        hint="wait until it has ended; reading is possible meanwhile",
                    )
                file.seek(0)
                file.truncate()
                file.write(str(os.getpid()))
                file.flush()
                self._guard = file
                try:
                    yield
                finally:
                    self._guard = None

    @contextlib.contextmanager
    def _connected(self, read_only: bool) -> Iterator[Any]:
        con = self._connect(read_only)
        self._open = con
        try:
            yield con
        finally:
            self._open = None
            con.close()

    def _connect(self, read_only: bool) -> Any:
        duckdb = need("duckdb")
        config = {"memory_limit": self._memory, "autoinstall_known_extensions": "false"}
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return duckdb.connect(str(self.path), read_only=read_only, config=config)
            except duckdb.Error as error:
                if not _is_busy(str(error)):
                    raise self._unusable(error) from None
                if time.monotonic() > deadline:
                    raise LedgerError(
                        f"{self.path}: in use by another program for {PATIENCE_S:.0f} seconds: "
                        f"{error}",
                        hint="close the program that holds it open, then try again",
                    ) from None
            time.sleep(0.02)

    def _unusable(self, error: Exception) -> LedgerError:
        reason = str(error)
        if "not a valid DuckDB" in reason:
            return LedgerError(
                f"{self.path}: expected a ledger (a DuckDB file), found a file of another kind",
                hint="name a file that `quotestance track add` made, or a new one",
            )
        return LedgerError(f"{self.path}: cannot be opened: {reason}", hint="check the path")


def _is_busy(reason: str) -> bool:
    return "Could not set lock" in reason or "different configuration" in reason


def _try_lock(file: IO[str]) -> bool:
    """Lock the file for this process until it is closed; False where another one has it."""
    try:
        _lock(file)
    except OSError:
        return False
    return True


def _lock(file: IO[str]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
