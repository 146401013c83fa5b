"""A deep-learning course that people can trust.

A notebook needs only the four faces, each loaded on first use:

>>> from course import setup, data, check, plots

`setup` prepares the machine, `data` loads data sets, `check` checks answers, `plots` draws in one style.
"""

from importlib import import_module

__version__ = "0.1.0"

_FACES = {
    "setup": ("course.runtime", "setup"),
    "data": ("course.data", None),
    "check": ("course.checks", None),
    "plots": ("course.plots", None),
}

__all__ = [*_FACES]


def __getattr__(name: str):
    """Import a face when it is first asked for, so that `import course` itself costs next to nothing (PEP 562)."""
    if name not in _FACES:
        raise AttributeError(f"module 'course' has no attribute {name!r}; it has {', '.join(_FACES)}")
    module_name, attribute = _FACES[name]
    module = import_module(module_name)
    return getattr(module, attribute) if attribute else module
