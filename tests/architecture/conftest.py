"""The sources, parsed once, for the tests that read them."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "coranto"


@dataclass(frozen=True)
class Source:
    """One Python file of the program."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """As a person would say it: `newsroom/rules.py`."""
        return str(self.path.relative_to(PACKAGE))

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{node.lineno}"


@pytest.fixture(scope="session")
def sources() -> list[Source]:
    """Every Python file we wrote; migrations are written by a machine and frozen."""
    return [
        Source(path, ast.parse(path.read_text(), filename=str(path)))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations" not in path.parts
    ]


@pytest.fixture(scope="session")
def template_files() -> list[Path]:
    return sorted(
        path
        for folder in (*PACKAGE.glob("*/templates"), *PACKAGE.glob("*/jinja2"))
        for path in folder.rglob("*")
        if path.is_file()
    )


@pytest.fixture(scope="session")
def storeys() -> dict[str, int]:
    """On which storey each room lies, 0 being the topmost, as the import contract in pyproject.toml has it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "rooms")
    return {room: storey for storey, layer in enumerate(layers) for room in layer.split(" | ")}
