"""The README's programs run as they stand there, but for the broker's address."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from brokers import Brokers

README = Path(__file__).parents[2] / "README.md"
ADDRESS = "127.0.0.1:9094"


def test_every_program_works(brokers: Brokers) -> None:
    programs: list[str] = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert len(programs) == 5
    outputs = []
    for program in programs:
        assert ADDRESS in program
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program.replace(ADDRESS, brokers.bootstrap)],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        outputs.append(done.stdout)
    assert outputs[0].startswith("orders-0 0\n0 b'customer-7' b'placed' ")
    assert outputs[1] == "1001 records\n"
    assert outputs[2] == "reading orders-0\ngiving up orders-0\norders-0 500 half-way\nempty\n"
    assert outputs[3] == "1001 records\n"
