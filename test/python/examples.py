"""The worked examples, as modules: they are scripts beside the package and not in it."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from conftest import PACKAGE


def example(name: str) -> ModuleType:
    """`agents/python/examples/<name>.py`"""
    spec = importlib.util.spec_from_file_location(name, PACKAGE / "examples" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
