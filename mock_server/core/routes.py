"""The route table of a profile: which operation a method and a path mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Route:
    """One documented way to an operation; ``path`` is a template such as ``/v1/files/{name}``.

    ``auth`` says whether the key is asked for, ``cors`` whether browsers of other origins may read
    the reply. ``content_types`` are the media types of the bodies it takes (none: no body).
    """

    operation: str
    method: str
    path: str
    auth: bool = True
    cors: bool = True
    content_types: tuple[str, ...] = ()


class Match(NamedTuple):
    """A route that was found and the path parameters, percent-decoded."""

    route: Route
    parameters: dict[str, str]


class Routes:
    """Routes compiled for look-up: exact paths and one-parameter ends first, then the rest."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.all = tuple(routes)
        self._exact: dict[str, dict[str, Match]] = {}
        self._ends: dict[str, dict[str, tuple[Route, str]]] = {}
        self._others: list[tuple[tuple[str, ...], Route]] = []
        self._heads: dict[str, tuple[str, ...]] = {}
        for route in self.all:
            self._compile(route)
            head = route.path.partition("{")[0]
            self._heads[route.operation] = (*self._heads.get(route.operation, ()), head)

    def _compile(self, route: Route) -> None:
        head, _, last = route.path.rpartition("/")
        if "{" not in route.path:
            self._exact.setdefault(route.path, {})[route.method] = Match(route, {})
        elif "{" not in head and _is_parameter(last):
            self._ends.setdefault(head, {})[route.method] = (route, last[1:-1])
        else:
            self._others.append((tuple(route.path.split("/")), route))

    def find(self, method: str, path: str) -> Match | None:
        """The route of that method and (percent-encoded) path; HEAD follows GET."""
        wanted = "GET" if method == "HEAD" else method
        exact = self._exact.get(path)
        if exact is not None and wanted in exact:
            return exact[wanted]
        head, _, last = path.rpartition("/")
        end = self._ends.get(head)
        if end is not None and last:
            found = end.get(wanted)
            if found is not None:
                return Match(found[0], {found[1]: _decoded(last)})
        return next((match for match in self._search(path) if match.route.method == wanted), None)

    def leads_to(self, operation: str, path: str) -> bool:
        """Whether a path may belong to that operation, told from its beginning alone."""
        return path.startswith(self._heads.get(operation, ()))

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods that the path knows, sorted; empty for an unknown path."""
        found = {route.method for route in self.all if _values(route, path) is not None}
        if "GET" in found:
            found.add("HEAD")
        return tuple(sorted(found))

    def allows_cors(self, path: str) -> bool:
        """True when a browser of another origin may call something at that path."""
        return any(route.cors for route in self.all if _values(route, path) is not None)

    def _search(self, path: str) -> Iterable[Match]:
        parts = path.split("/")
        for template, route in self._others:
            values = _compare(template, parts)
            if values is not None:
                yield Match(route, values)


def _values(route: Route, path: str) -> dict[str, str] | None:
    return _compare(tuple(route.path.split("/")), path.split("/"))


def _compare(template: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    if len(template) != len(parts):
        return None
    values = {}
    for expected, seen in zip(template, parts, strict=True):
        if _is_parameter(expected) and seen:
            values[expected[1:-1]] = _decoded(seen)
        elif expected != seen:
            return None
    return values


def _decoded(part: str) -> str:
    return unquote(part) if "%" in part else part


def _is_parameter(part: str) -> bool:
    return part.startswith("{") and part.endswith("}")
