"""Which jobs the API can take at all: what is wrong with the order that a caller asks for."""

from contract_tests.outcome import Job
from contract_tests.rules.base.payload import problems
from contract_tests.terms import Terms
from contract_tests.trace import Trace
from mock_server.core.refusal import Problem


def out_of_range(job: Job, terms: Terms) -> tuple[Problem, ...]:
    """What the request schema has against a job, as the plainest order would put it.

    A profile may know the references by several names: that which fits best counts.
    """
    has_references = bool(job.references or job.reference_files)
    names = terms.fields.references if has_references else ()
    if not names:
        return problems(_order(job, terms, ""), terms)
    return min((problems(_order(job, terms, name), terms) for name in names), key=len)


def is_sayable(job: Job) -> bool:
    """Whether JSON can carry the prompt: it has no NUL and no half of a pair of surrogates."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in job.prompt)


def all_in_range(trace: Trace) -> bool:
    """Whether every job of a trace is one that the API takes."""
    jobs = (done.job for done in trace.jobs)
    return all(is_sayable(job) and not out_of_range(job, trace.terms) for job in jobs)


def _order(job: Job, terms: Terms, references: str) -> dict[str, object]:
    order: dict[str, object] = {
        "model": job.model or terms.default_model,
        terms.fields.prompt[0]: job.prompt,
        terms.fields.count[0]: job.n,
    }
    if job.size is not None:
        order[terms.size_field] = job.size
    images = job.references or tuple(f"{job.api_root}/{one.name}" for one in job.reference_files)
    if images and references:
        order[references] = list(images)
    if job.mask and terms.fields.mask:
        order[terms.fields.mask[0]] = job.mask
    return order
