"""A profile as an OpenAPI 3.1 document; ``openapi`` in ``document`` puts it together."""

from mock_server.core.openapi.document import openapi
from mock_server.core.openapi.examples import Examples

__all__ = ["Examples", "openapi"]
