"""The rows of the table: every fault that a client meets on the wire, and what the server does."""

from typing import NamedTuple


class Row(NamedTuple):
    """A fault as it is written, what it does, and whether clients must lose patience over it."""

    fault: str
    what: str
    silent: bool = False


ROWS = (
    Row("reset", "TCP reset, nothing was done"),
    Row("reset(after)", "TCP reset, the work is done"),
    Row("reset(after, at=40)", "TCP reset after 40 bytes of the content"),
    Row("lost_reply", "the work is done, TCP reset"),
    Row("lost_reply(close)", "the work is done, the connection ends"),
    Row("lost_reply(hang)", "the work is done, silence", silent=True),
    Row("close", "the connection ends without a byte"),
    Row("close(headers)", "the connection ends within the header fields"),
    Row("cut(share=0)", "the connection ends behind the header fields"),
    Row("cut", "the connection ends in the middle of the content"),
    Row("wrong_length", "10 bytes more are announced than come, then the end"),
    Row("wrong_length(then=hang)", "10 bytes more are announced than come, silence", silent=True),
    Row("wrong_length(-5)", "5 bytes fewer are announced than come"),
    Row("broken_chunk", "chunks, the last one is missing"),
    Row("broken_chunk(data)", "chunks, one is shorter than it says"),
    Row("broken_chunk(size)", "chunks, a size that is no number"),
    Row("not_http", "another protocol answers"),
    Row("stall", "silence before the header fields", silent=True),
    Row("stall(at=7)", "silence after 7 bytes of the content", silent=True),
    Row("stall(0.1, at=7)", "a tenth of a second of silence after 7 bytes"),
    Row("drip(60)", "60 bytes a second: never silent, and late all the same", silent=True),
    Row("delay(0.1)", "the reply is a tenth of a second late"),
    Row("429(retry_after=2)", "a documented error"),
    Row("503", "another one"),
    Row("html", "a gateway's page, status 502"),
    Row("html(200)", "a proxy's page, status 200"),
    Row("error_body", "an error in a reply of status 200"),
    Row("content_type", "the right JSON, labelled text/plain"),
    Row('content_type("")', "the right JSON without a label"),
    Row("body(empty)", "no content"),
    Row("body(truncated)", "half of the JSON, its length announced rightly"),
    Row("body(invalid_utf8)", "JSON with bytes that are no UTF-8"),
    Row("body(bom)", "a byte order mark before the JSON"),
    Row('body("null")', "the JSON null"),
    Row('fields(set={"id": null})', "JSON without what matters"),
    Row('headers(set={"retry-after": "-1"})', "a header field that makes no sense"),
    Row("gzip", "gzip that unpacks"),
    Row("gzip(bare_deflate)", "deflate without zlib's frame, as some servers send it"),
    Row("gzip(plain)", "plain text labelled as gzip"),
    Row("gzip(cut)", "half of a gzip file"),
    Row("gzip(wrong_sum)", "gzip with a wrong check sum"),
    Row("gzip(unknown)", "a content coding that nobody knows"),
    Row("redirect", "302 to the same place"),
    Row("redirect(307)", "307 to the same place"),
    Row("redirect(host=localhost)", "302 to another host"),
    Row("redirect(307, host=localhost)", "307 to another host"),
)
