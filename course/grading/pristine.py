"""The modules that tests of plain assertions stand on, as they were before a submission could change them.

`np.testing.assert_allclose`, `builtins.isinstance` or `keras.Model.fit` can be replaced by a submission, which runs in the
same interpreter. Checks that observe values lose nothing by it, because the supervisor compares; an `assert` does. So
what the warm process had is remembered there, and put back before each such cell.
"""

import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

_PACKAGES = frozenset(
    [
        "ast",
        "builtins",
        "cmath",
        "collections",
        "copy",
        "course",
        "functools",
        "inspect",
        "io",
        "itertools",
        "keras",
        "math",
        "numpy",
        "operator",
        "os",
        "pandas",
        "random",
        "re",
        "scipy",
        "sklearn",
        "statistics",
        "string",
        "sys",
        "time",
        "traceback",
        "typing",
        "unittest",
        "warnings",
    ]
)
_SYS = ("settrace", "setprofile", "_getframe", "exit", "getrecursionlimit", "setrecursionlimit")

# Filled once, in the warm process, and never changed: a fork cannot be handed an object in another way.
_modules: dict[str, tuple[ModuleType, dict[str, Any]]] = {}
_classes: list[tuple[type, dict[str, Any]]] = []


def remember() -> None:
    """Note what the protected modules and their classes hold. Called in the warm process, before any fork."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in _PACKAGES or not isinstance(module, ModuleType):
            continue
        held = _fixed(vars(module))
        if name == "sys":
            held = {key: held[key] for key in _SYS}
        _modules[name] = (module, held)
    found = {id(value): value for _, held in _modules.values() for value in held.values() if type(value) is type}
    changeable = 1 << 9  # Py_TPFLAGS_HEAPTYPE: classes written in Python; those written in C cannot be changed
    _classes.extend((cls, _fixed(vars(cls))) for cls in found.values() if cls.__flags__ & changeable)


def _fixed(held: Mapping[str, Any]) -> dict[str, Any]:
    """What nobody has a good reason to replace: functions, classes, modules. Settings and caches change in ordinary use."""
    return {
        k: v for k, v in held.items() if callable(v) or isinstance(v, (ModuleType, property, classmethod, staticmethod))
    }


def restore() -> None:
    """Put back what was replaced or taken away. What was only added stays: lazy imports add, too."""
    sys.settrace(None)
    sys.setprofile(None)
    for name, (module, held) in _modules.items():
        sys.modules[name] = module
        now = vars(module)
        for key, value in held.items():
            if now.get(key, restore) is not value:
                now[key] = value
    for cls, held in _classes:
        now = vars(cls)
        for key, value in held.items():
            if now.get(key, restore) is not value:
                type.__setattr__(cls, key, value)
