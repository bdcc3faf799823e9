"""Runs notebooks without Jupyter: the code cells of each, in order, in a process of their own.

    python run.py light_curve.ipynb ...

Exits with 1 at the first cell that fails, naming it. Figures are drawn and thrown away.
"""

import json
import sys
import traceback
from pathlib import Path

import matplotlib

matplotlib.use("Agg")


def run(path: Path) -> None:
    """Executes the code cells in one namespace, as Jupyter would."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    namespace = {"__name__": "__main__"}
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        exec(compile(source, f"{path.name}, cell {number}", "exec"), namespace)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        try:
            run(Path(name))
        except Exception:
            traceback.print_exc()
            sys.exit(f"{name} failed")
        print(f"{name} ran", flush=True)
