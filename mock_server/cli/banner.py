"""What ``safelight serve`` says when it is ready."""

from mock_server.core.masking import mask
from mock_server.edge.mock import Mock
from mock_server.edge.serve import Address


def banner(mock: Mock, address: Address) -> str:
    """The lines that a person needs to point a client at the mock, a curl command included."""
    settings = mock.settings
    key = "any key" if settings.any_key else settings.api_keys[0]
    scenario = settings.scenario or mock.scenario.name
    speed = "" if settings.speed == 1 else f", {settings.speed:g} times as fast"
    rows = [
        ("base URL", f"{address.url}/v1"),
        ("API key", key),
        ("profile", f"{mock.contract.name} - {mock.contract.title}"),
        ("scenario", f"{scenario} - {mock.scenario.title}{speed}"),
        ("docs", f"{address.url}/_mock/docs"),
    ]
    if settings.control_token is not None:
        rows.append(("control", f"Bearer {settings.control_token}, from other machines"))
    if settings.webhook is not None:
        rows.append(("webhook", settings.webhook))
        rows.append(("secret", mock.contract.webhooks.secret))
    trust = ""
    if address.certificates:
        rows.append(("CA file", str(address.certificates.authority)))
        trust = f" --cacert {address.certificates.authority}"
    # Whoever gave them knows them; the first one is the mock's own and no secret.
    rows.extend(("more keys", mask(extra)) for extra in settings.api_keys[1:])
    lines = [f"  {name:<9}  {value}" for name, value in rows]
    return "\n".join(["Safelight mock is ready", *lines, "", *_curl(mock, address, key, trust), ""])


def _curl(mock: Mock, address: Address, key: str, trust: str) -> list[str]:
    submit = next(route for route in mock.contract.routes.all if route.operation == "submit")
    body = f'{{"model":"{mock.contract.default_model}","prompt":"A red fox"}}'
    shown = "sk-any" if key == "any key" else key
    return [
        f"  curl{trust} {address.url}{submit.path} \\",
        f"    -H 'Authorization: Bearer {shown}' \\",
        "    -H 'Content-Type: application/json' \\",
        f"    -d '{body}'",
    ]
