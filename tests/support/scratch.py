"""Where tests put what they throw away."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3


def in_memory() -> Path | None:
    """A folder kept in memory, where there is one with room (2 GiB) for rendered projects."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return MEMORY if usable and shutil.disk_usage(MEMORY).free > ENOUGH else None
