"""Submitting a task: everything about it is checked before anything is created."""

from collections.abc import Mapping
from typing import NoReturn

from mock_server.core.access import has_no_credit
from mock_server.core.admission import admit_price
from mock_server.core.callback import Owed, is_same_origin
from mock_server.core.contract import Contract, Model
from mock_server.core.ids import make_id
from mock_server.core.image_facts import ImageFacts
from mock_server.core.operations.forms import Reading, read_form
from mock_server.core.operations.work import Work
from mock_server.core.ordering import Named, file_problems, named_images, order_of
from mock_server.core.reading import MalformedBodyError, read_json
from mock_server.core.refusal import Problem, Refusal
from mock_server.core.reply import Reply
from mock_server.core.task import Order, Task
from mock_server.core.task_facts import accepted_facts
from mock_server.core.world import World


def submit(work: Work) -> Reply:
    """Accept a valid request: the task is created and paid for.

    Raises :class:`Refusal` (``invalid_request``, ``unknown_model``, ``insufficient_credit``, ...);
    then nothing was created.
    """
    world, contract = work.world, work.world.contract
    reading = _read(work)
    body = reading.body
    model = _model(contract, body)
    if reading.problems or not model.accepts(body):
        _refuse((*reading.problems, *model.explain(body)))
    images = named_images(contract, body)
    if images.references or images.mask is not None:
        _check_images(work, images, reading.images)
    order = order_of(contract, model, body, images)
    _check_order(world, order, work.owner)
    price = model.credits * order.images
    _check_credit(work, price)
    if world.limiter.rules:
        admit_price(world, work.operation, work.owner, work.now, price)
    for upload in reading.uploads:
        world.uploaded += 1
        world.keep_upload(upload)
    task = _create(work, order, price)
    content = contract.encode(contract.replies.task(accepted_facts(world, task)))
    return Reply(200, content, task=task, phase=task.timeline.stages[0].phase, created=True)


def _read(work: Work) -> Reading:
    call = work.call
    if call.form is not None:
        return read_form(work)
    try:
        body = read_json(call.body, work.world.contract.bodies.depth)
    except MalformedBodyError as error:
        raise Refusal("invalid_body", {"detail": str(error)}) from None
    if not isinstance(body, dict):
        raise Refusal("invalid_body", {"detail": "The request body must be a JSON object."})
    return Reading(body)


def _model(contract: Contract, body: Mapping[str, object]) -> Model:
    """The model that the body names; the default where it names none, so that all is checked."""
    name = body.get("model")
    if isinstance(name, str) and name:
        if name not in contract.models:
            raise Refusal("unknown_model", {"model": name[:100], "param": "model"})
        return contract.models[name]
    return contract.models[contract.default_model]


def _refuse(problems: tuple[Problem, ...]) -> NoReturn:
    detail = " ".join(problem.message for problem in problems[:20])
    raise Refusal("invalid_request", {"detail": detail}, problems)


def _check_images(work: Work, images: Named, sent: Mapping[str, ImageFacts]) -> None:
    """Images that the mock knows, sent along or uploaded before, must be what they are used as."""
    known = dict(sent)
    uploads, base = work.world.uploads, work.call.base
    for url in (*(url for _, url in images.references), images.mask or ""):
        upload = uploads.get(url.removeprefix(base)) if url.startswith(base) else None
        if upload is not None:
            known[url] = upload.image
    problems = file_problems(work.world.contract, images, known)
    if problems:
        _refuse(problems)


def _check_order(world: World, order: Order, owner: str) -> None:
    switches = world.contract.switches
    if order.callback is not None and not _may_call_back(world, order.callback):
        raise Refusal("webhook_not_configured")
    taken = order.client_id is not None and (owner, order.client_id) in world.by_client_id
    if taken and switches.duplicate_client_id == "reject":
        field = world.contract.fields.client_id[0]
        detail = f"The '{field}' field has been used before."
        _refuse((Problem((field,), "unique", detail),))


def _may_call_back(world: World, callback: str) -> bool:
    if not world.contract.switches.webhook_configured:
        return False
    return world.webhook is None or is_same_origin(callback, world.webhook)


def _check_credit(work: Work, price: float) -> None:
    world = work.world
    budget = world.contract.prices.initial
    tasks = world.tasks.values()
    affords = world.ledger.can_afford(tasks, work.owner, price, budget, work.now)
    if not affords or has_no_credit(world, work.call):
        raise Refusal("insufficient_credit", {"price": price})


def _create(work: Work, order: Order, price: float) -> Task:
    world = work.world
    world.submitted += 1
    number = world.submitted
    task = Task(
        id=make_id(world.contract.task_id, world.seed, world.session, number, work.now),
        number=number,
        owner=work.owner,
        order=order,
        timeline=world.scenario.timeline_of(number, world.seed, world.session),
        created=work.now,
        credits=price,
        digest=work.call.digest(),
    )
    world.keep_task(task, work.now)
    if world.webhook is not None:
        world.owed[task.id] = Owed(work.call.base)
    return task
