"""The only reader of YAML. Keeps the line of every key, so that an error can say where; never makes a float.

Numbers with a point become Decimal, dates stay text, `01` stays the code "01", and only true/false are flags:
a list of codes or an amount of money reads as it is written.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from .errors import ConfigurationError, LeadError, Problem

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """What a YAML file says, and on which line it says it."""

    name: str
    data: Any
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)

    def where(self, path: Path) -> str:
        """`file line N, field a.b`, for the nearest place above `path` that has a line."""
        known = tuple(map(str, path))
        while known and known not in self.lines:
            known = known[:-1]
        line = f" line {self.lines[known]}" if known in self.lines else ""
        return f"{self.name}{line}" + (f", field {'.'.join(map(str, path))}" if path else "")


class _Loader(yaml.SafeLoader):
    """SafeLoader with the scalars above and no others."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|", "~n\0"),
    ("bool", r"true|false", "tf"),
    ("int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?[0-9]+\.[0-9]+", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), [*_first, ""])
_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(node.value))


def load(text: str, name: str, error: type[LeadError] = ConfigurationError) -> Document:
    """Read one document. Raises `error` with the line for text that is not YAML or names a key twice."""
    loader = _Loader(text.removeprefix("\ufeff"))
    try:
        node = loader.get_single_node()
        lines: dict[tuple[str, ...], int] = {}
        repeated = [] if node is None else list(_walk(node, (), lines))
        if repeated:
            raise error(*(Problem(f"{name} line {line}", f"the key {key!r} stands twice") for key, line in repeated))
        return Document(name, None if node is None else loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise error(Problem(f"{name} line {line}", f"not readable as YAML: {problem.problem}")) from None
    except yaml.YAMLError:
        raise error(Problem(name, "not readable as YAML text")) from None
    finally:
        loader.dispose()


def _walk(node: yaml.Node, path: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> Any:
    """Note the line of every node; yield keys that stand twice in one mapping."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield from _walk(item, (*path, str(place)), lines)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, item in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            lines[(*path, key.value)] = key.start_mark.line + 1
            yield from _walk(item, (*path, key.value), lines)
