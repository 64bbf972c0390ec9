"""UPL-02: the reply to an upload tells the type and the size of what was sent."""

from collections.abc import Iterable

from contract_tests.finding import Words
from contract_tests.server.claim import Test, Value
from contract_tests.server.conversation import FormBody, Path
from contract_tests.server.orders import image_type
from contract_tests.server.promises import Promises
from contract_tests.server.seen import Seen
from contract_tests.server.statement import Breach, Known, Statement
from mock_server.loading.yaml_document import json_path


class UploadTellsTruth(Statement):
    """mime_type and size are those of the file's content, whatever its name says."""

    id = "upload-tells-truth"
    number = "UPL-02"
    title = "The reply to an upload tells the type and the size of what was sent"
    group = "Uploads"
    why = "Models refuse a reference of the wrong type, and blame the caller for it."
    mend = (
        "Tell the type from the content, not from the name or the declared type.",
        "Count the bytes of the file, not those of the form.",
    )
    idle = "no image was uploaded"

    def source(self, promises: Promises) -> str:
        return promises.route_source("upload")

    def look(self, call: Seen, known: Known) -> Iterable[Breach] | None:
        body = call.send.body
        if call.operation != "upload" or not call.is_accepted or not isinstance(body, FormBody):
            return None
        if not body.files:
            return None
        data = body.files[0].data
        facts = {"mime_type": image_type(data), "size": len(data)}
        found = []
        for name, value in facts.items():
            path = known.promises.place_in("upload", name)
            if path is not None and value is not None and call.value(*path) != value:
                found.append(_breach(call, path, value))
        return found


def _breach(call: Seen, path: Path, value: object) -> Breach:
    place = json_path(path)
    return Breach(
        Words("{place}: {value}", {"place": place, "value": value}),
        Words("{value}", {"value": call.value(*path)}),
        (Value(call.number, path, Test("equals", value), 200),),
        path=place,
    )
