"""Files: uploaded, fetched again, used as references, refused."""

from collections.abc import Iterator
from dataclasses import replace

from contract_tests.server.bodies import plain
from contract_tests.server.conversation import (
    Conversation,
    FilePart,
    FormBody,
    Key,
    Ref,
    Send,
    Step,
)
from contract_tests.server.images import JPEG, MISNAMED, PNG, TEXT
from contract_tests.server.statement import Means
from contract_tests.server.words import Words

_URL = ("data", "url")


def uploads(words: Words, means: Means) -> Iterator[Conversation]:
    """Good files and bad ones."""
    yield Conversation("uploads", "images that are uploaded and used", (*_good(words),))
    yield Conversation("bad-uploads", "files that are refused", (*_bad(words),))
    if means.stories:
        # Ten megabytes are too much to be sent to anyone else.
        title = "files at the limit"
        yield Conversation("large-uploads", title, (*_large(words),), is_long=True)


def _good(words: Words) -> Iterator[Step]:
    for name, file in (("png", PNG), ("jpeg", JPEG), ("misnamed", MISNAMED)):
        yield words.upload(name, file, good=True)
        yield Send(f"{name}-file", "GET", Ref(name, _URL), Key.NONE)
        yield Send(f"{name}-head", "HEAD", Ref(name, _URL), Key.NONE)
    contract = words.promises.contract
    order = plain(contract, contract.models[contract.default_model])
    field = contract.fields.references[0]
    used = {**order, field: [Ref("png", _URL), Ref("jpeg", _URL)]}
    yield words.submit("with-references", used, is_good=True)
    yield words.poll("its-task", "with-references")


def _bad(words: Words) -> Iterator[Step]:
    yield words.upload("no-image", TEXT, good=False)
    yield words.upload("no-file", good=False)
    yield words.upload("another-field", replace(PNG, field="image"), good=False)
    route = words.promises.route("upload")
    assert route is not None
    form = FormBody(texts=(("file", "a text"),))
    yield Send("text-for-a-file", "POST", route.path, body=form, is_good=False)


def _large(words: Words) -> Iterator[Step]:
    most = words.promises.contract.uploads.max_bytes
    yield words.upload("at-the-limit", _padded(most), good=True)
    yield words.upload("over-the-limit", _padded(most + 1), good=False)


def _padded(size: int) -> FilePart:
    return replace(PNG, size=size)
