"""One hierarchy of errors; each carries a hint that says how to mend the cause."""

from __future__ import annotations

from pathlib import Path


class QuotestanceError(Exception):
    """Base of every error that quotestance raises on purpose.

    Args:
        message: What was expected and what was found.
        hint: What the user can do about it; printed after the message.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if hint:
            self.add_note(f"Hint: {hint}")

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.__dict__.copy(), self.args))


def _rebuild(
    cls: type[QuotestanceError], state: dict[str, object], args: tuple[object, ...]
) -> QuotestanceError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class InputError(QuotestanceError):
    """Input (text, record, file, argument) that cannot be used as it is.

    Args:
        message: What was expected and what was found.
        file: The file the input came from, if any.
        line: One-based line in that file, if any.
        field: Dotted path of the offending field, such as ``quotes[3].content``.
        hint: How to mend it.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        field: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.reason = message
        self.file = None if file is None else str(file)
        self.line = line
        self.field = field
        place = ":".join(str(part) for part in (self.file, line) if part is not None)
        parts = [place, f"field {field!r}" if field else "", message]
        super().__init__(": ".join(part for part in parts if part), hint)

    def at(self, file: str | Path | None, line: int | None = None) -> InputError:
        """The same error with the file and line where its input stands."""
        return type(self)(
            self.reason,
            file=file if self.file is None else self.file,
            line=line if self.line is None else self.line,
            field=self.field,
            hint=self.hint,
        )


class ModelError(QuotestanceError):
    """A model folder or checkpoint that is missing, corrupt or of another format version."""


class DeviceError(QuotestanceError):
    """A device that was asked for and is not there."""


class MissingExtraError(QuotestanceError, ImportError):
    """A feature that needs an optional dependency which is not installed.

    Args:
        feature: What the user asked for.
        extra: Name of the extra in ``pyproject.toml``.
        package: The package that could not be imported.
    """

    def __init__(self, feature: str, extra: str, package: str) -> None:
        super().__init__(
            f"{feature} needs the package {package!r}, which is not installed.",
            hint=f"pip install 'quotestance[{extra}]'",
        )
        self.extra = extra
