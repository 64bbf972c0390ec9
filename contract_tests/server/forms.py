"""Multipart forms as bytes (RFC 7578)."""

from hashlib import sha256

from contract_tests.server.conversation import FormBody


def encode_form(form: FormBody) -> tuple[str, bytes]:
    """The media type, with its boundary, and the bytes of a form; equal forms are equal bytes."""
    parts = [
        b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), text.encode())
        for name, text in form.texts
    ]
    for file in form.files:
        head = f'form-data; name="{file.field}"; filename="{file.name}"'
        fields = f"Content-Disposition: {head}\r\nContent-Type: {file.media_type}\r\n\r\n"
        parts.append(fields.encode() + file.data)
    boundary = sha256(b"\0".join(parts)).hexdigest()[:32].encode()
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts)
    return f"multipart/form-data; boundary={boundary.decode()}", body + b"--%s--\r\n" % boundary
