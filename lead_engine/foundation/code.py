"""What a function's result can depend on in code: the hash of its module and of every engine module it imports.

A step's identity holds this hash, so a changed rule is computed again and a changed web page does not reload claims.
"""

import ast
import hashlib
import importlib.util
from functools import cache

PACKAGE = "lead_engine"


@cache
def imports(module: str) -> frozenset[str]:
    """The modules of this package that a module imports, at its top or inside a function."""
    return frozenset(name for name in imported_names(source(module), module) if _is_module(name))


def imported_names(text: str, module: str) -> set[str]:
    """Every name under this package that a source text may be importing as a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), _parent(module))
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] == PACKAGE}


@cache
def source(module: str) -> str:
    """The source text of a module, also when the package is imported from a wheel."""
    spec = importlib.util.find_spec(module)
    read = getattr(spec and spec.loader, "get_source", None)  # a zip's loader has it without being an InspectLoader
    if read is None:
        raise ModuleNotFoundError(module)
    return read(module) or ""


def closure(module: str) -> list[str]:
    """A module and all engine modules it reaches, sorted."""
    seen, todo = set(), [module]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(imports(name))
    return sorted(seen)


@cache
def fingerprint(module: str) -> str:
    """SHA-256 over the sources of `closure(module)`."""
    digest = hashlib.sha256()
    for name in closure(module):
        digest.update(f"{name}\0{source(name)}\0".encode())
    return digest.hexdigest()


def _parent(module: str) -> str:
    spec = importlib.util.find_spec(module)
    is_package = spec is not None and spec.submodule_search_locations is not None
    return module if is_package else module.rpartition(".")[0]


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
