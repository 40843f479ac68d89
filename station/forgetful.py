"""A process that forgets what it frees: names and pictures of a visit do not linger in its memory.

CPython keeps freed strings in its own arenas, and glibc freed blocks in its caches, until something else happens to
need the place: a name was still there after hours. Here every object is a block of malloc's, none is cached by a
thread, and glibc overwrites each one as it is freed (mallopt(3), M_PERTURB). Both are read once, when a process begins.
It costs 4 % of encoding a picture. What a C function left on its stack is not touched: the next calls write over it.
"""

import os
import resource
import sys

ENVIRONMENT = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.perturb=85:glibc.malloc.tcache_count=0:glibc.pthread.stack_cache_size=0",
}


def be_forgetful() -> None:
    """Begin this process again with that environment, where it has it not; its children inherit it.

    No core file is written either, whatever happens: it would hold all that the visit had in memory.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if any(os.environ.get(name) != value for name, value in ENVIRONMENT.items()):
        os.execve(sys.executable, sys.orig_argv, os.environ | ENVIRONMENT)
