"""The lines that the READMEs show are the lines that run here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PACKAGE, ROOT

BLOCK = re.compile(r"<!-- python:start(?: needs (\w+))? -->\s*```python\n(.*?)```\s*<!-- python:end -->", re.DOTALL)


def blocks() -> list[tuple[Path, str, str]]:
    """Every marked block of Python, with the page that shows it and the library that not every stand has."""
    pages = [ROOT / "README.md", PACKAGE / "README.md"]
    return [(page, needs, code) for page in pages for needs, code in BLOCK.findall(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("needs", "code"), [pytest.param(needs, code, id=str(page.relative_to(ROOT))) for page, needs, code in blocks()]
)
def test_the_lines_run(url: str, needs: str, code: str) -> None:
    if needs:
        pytest.importorskip(needs)
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}  # threads of torch fight for few cores
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, env=alone)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()
    if "inspect_logs" in code:
        assert "inspect_logs(web_server)" in run.stdout


def test_both_pages_have_a_block() -> None:
    assert {page for page, _, _ in blocks()} == {ROOT / "README.md", PACKAGE / "README.md"}
