"""Writing JSON values as bytes."""

import json

import orjson


def encode_json(value: object) -> bytes:
    """The value as JSON text; what the fast writer cannot hold is left to the standard library.

    Raises nothing for values that came out of JSON text: integers of any length, any nesting that
    the reader lets pass.
    """
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
