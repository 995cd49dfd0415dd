"""The lines that the READMEs show are the lines that run here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PACKAGE, ROOT

BLOCK = re.compile(r"<!-- python:start -->\s*```python\n(.*?)```\s*<!-- python:end -->", re.DOTALL)


def blocks() -> list[tuple[Path, str]]:
    """Every marked block of Python, with the page that shows it."""
    pages = [ROOT / "README.md", PACKAGE / "README.md"]
    return [(page, code) for page in pages for code in BLOCK.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("code", [pytest.param(code, id=str(page.relative_to(ROOT))) for page, code in blocks()])
def test_the_lines_run(url: str, code: str) -> None:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert "inspect_logs(web_server)" in run.stdout


def test_both_pages_have_a_block() -> None:
    assert {page for page, _ in blocks()} == {ROOT / "README.md", PACKAGE / "README.md"}
