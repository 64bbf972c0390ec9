"""A method and a path lead to the one operation that the profile has for them."""

from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mock_server.core.routes import Route, Routes
from tests.core.clients import PROFILES, SUBMIT, UPLOAD, profile

METHODS = ("GET", "POST", "DELETE")
parts = st.sampled_from(("a", "b", "{x}", "{y}"))
tables = st.lists(
    st.builds(
        lambda method, path: Route("some", method, "/" + "/".join(path)),
        st.sampled_from(METHODS),
        st.lists(parts, min_size=1, max_size=3),
    ),
    max_size=6,
)
HIDING = [Route("end", "DELETE", "/{x}"), Route("list", "GET", "/a")]
paths = st.lists(st.sampled_from(("a", "b", "c", "", "%41")), max_size=4).map(
    lambda segments: "/" + "/".join(segments)
)


def fits(route: Route, path: str) -> bool:
    """The slow model: whether the path is the route's, part by part."""
    expected, seen = route.path.split("/"), path.split("/")
    return len(expected) == len(seen) and all(
        e == s or (e.startswith("{") and s != "") for e, s in zip(expected, seen, strict=True)
    )


@given(tables, st.sampled_from(METHODS), paths)
@example(HIDING, "DELETE", "/a")
def test_a_route_is_found_exactly_where_one_fits(
    table: list[Route], method: str, path: str
) -> None:
    found = Routes(table).find(method, path)
    fitting = [route for route in table if fits(route, path)]
    assert (found is None) == (method not in {route.method for route in fitting})
    assert found is None or (found.route in fitting and found.route.method == method)


@given(tables, paths)
def test_the_methods_of_a_path_are_those_of_the_routes_that_fit(
    table: list[Route], path: str
) -> None:
    known = {route.method for route in table if fits(route, path)}
    known |= {"HEAD"} if "GET" in known else set()
    assert Routes(table).methods(path) == tuple(sorted(known))


@pytest.mark.parametrize("name", PROFILES)
@given(data=st.data(), text=st.text(min_size=1, max_size=12))
def test_path_parameters_are_percent_decoded(name: str, data: st.DataObject, text: str) -> None:
    assume(not any("\ud800" <= character <= "\udfff" for character in text))
    route = data.draw(st.sampled_from([r for r in profile(name).routes.all if "{" in r.path]))
    parameters = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    path = route.path
    for parameter in parameters:
        path = path.replace("{" + parameter + "}", quote(text, safe=""))
    found = profile(name).routes.find(route.method, path)
    assert found is not None
    assert (found.route, found.parameters) == (route, dict.fromkeys(parameters, text))


@pytest.mark.parametrize("name", PROFILES)
def test_every_route_of_a_profile_leads_to_its_operation(name: str) -> None:
    routes = profile(name).routes
    for route in routes.all:
        path = route.path.replace("{", "some-").replace("}", "")
        found = routes.find(route.method, path)
        assert found is not None
        assert found.route is route
        assert routes.leads_to(route.operation, path)


def test_head_follows_get() -> None:
    routes = profile("guide").routes
    assert routes.find("HEAD", "/v1/models") == routes.find("GET", "/v1/models")
    assert routes.find("HEAD", SUBMIT) is None


@pytest.mark.parametrize(
    "path",
    ["", "/", "/v1", "/v1/v1/images/generations", SUBMIT + "/", SUBMIT + "/a/b", "/V1/models"],
)
def test_a_path_that_the_profile_does_not_have_is_not_found(path: str) -> None:
    routes = profile("guide").routes
    assert [routes.find(method, path) for method in METHODS] == [None] * 3
    assert routes.methods(path) == ()


def test_a_path_of_its_own_comes_before_a_template() -> None:
    table = Routes((Route("one", "GET", "/tasks/{id}"), Route("all", "GET", "/tasks/list")))
    found = table.find("GET", "/tasks/list")
    assert found is not None
    assert found.route.operation == "all"


def test_a_path_of_its_own_does_not_hide_what_a_template_can_do_there() -> None:
    table = Routes((Route("end", "DELETE", "/tasks/{id}"), Route("all", "GET", "/tasks/list")))
    found = table.find("DELETE", "/tasks/list")
    assert found is not None
    assert (found.route.operation, found.parameters) == ("end", {"id": "list"})


def test_an_operation_that_the_profile_does_not_have_is_nowhere() -> None:
    assert not Routes(()).leads_to("result", "/generated/a.png")


def test_browsers_may_read_what_some_route_at_the_path_allows() -> None:
    routes = profile("guide").routes
    assert routes.allows_cors(UPLOAD)
    assert not routes.allows_cors("/generated/a.png")
    assert not routes.allows_cors("/nowhere")
