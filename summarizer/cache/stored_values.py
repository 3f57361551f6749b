"""What stands in a store: packed within bounds, and signed where it is shown without being proven again.

Whoever can write to a store, a shared file or a server, could put a proven summary there that no article proves. The
signature is made with a key that lies outside of the store, readable for the user only: a summary that was signed with
another key is proven again from its draft. To share summaries, machines share the file of the key.
"""

import hashlib
import hmac
import os
import secrets
import zlib
from contextlib import suppress
from functools import cached_property
from pathlib import Path

MOST_BYTES = 32_000_000
"""Of one value, unpacked: a thousand times what a draft takes; a few bytes can say a gigabyte."""
_LEVEL = 1  # of zlib: a third of the time of the default, for a tenth more bytes
_KEY_BYTES = 32
_SIGNATURE_BYTES = 32


def pack(text: bytes) -> bytes:
    """Compress a value."""
    return zlib.compress(text, _LEVEL)


def unpack(value: bytes, most: int = MOST_BYTES) -> bytes:
    """Decompress a value of at most so many bytes. Raises `ValueError`."""
    decompressor = zlib.decompressobj()
    try:
        text = decompressor.decompress(value, most)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not decompressor.eof:
        raise ValueError(f"it is cut off, or larger than {most:,} bytes")
    return text


class Signer:
    """Signs values, and knows its own signatures; the key is made when it is first needed."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def sign(self, name: bytes, value: bytes) -> bytes:
        """Return the value with a signature that holds for it under this name alone."""
        return self._signature(name, value) + value

    def verified(self, name: bytes, signed: bytes) -> bytes | None:
        """Return the value without its signature, None where that is not ours."""
        signature, value = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
        return value if hmac.compare_digest(signature, self._signature(name, value)) else None

    def _signature(self, name: bytes, value: bytes) -> bytes:
        mac = hashlib.blake2b(len(name).to_bytes(4), key=self._key, digest_size=_SIGNATURE_BYTES)
        mac.update(name)
        mac.update(value)
        return mac.digest()

    @cached_property
    def _key(self) -> bytes:
        """The key in the file; where none can be kept, one for this process."""
        path = self._path or _key_path()
        fresh = secrets.token_bytes(_KEY_BYTES)
        with suppress(OSError):
            if not path.exists():
                _write_once(path, fresh)
            key = path.read_bytes()
            return key if len(key) == _KEY_BYTES else fresh
        return fresh


def _key_path() -> Path:
    from platformdirs import user_state_path

    return user_state_path("summarizer", appauthor=False) / "cache.key"


def _write_once(path: Path, key: bytes) -> None:
    """Write a private file whole, unless another process was faster."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
        with suppress(FileExistsError):
            path.hardlink_to(part)
    finally:
        part.unlink(missing_ok=True)
