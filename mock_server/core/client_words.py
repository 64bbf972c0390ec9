"""What a story asks of a client, in words."""

from mock_server.core.client_plan import ClientPlan, JobPlan, StopBy

_MOST = 40
_STOPS = {StopBy.CANCEL: "cancelled", StopBy.SIGNAL: "ended by SIGTERM"}


def client_words(plan: ClientPlan) -> str:
    """One sentence without its full stop; nothing where all is as usual."""
    if plan == ClientPlan():
        return ""
    jobs = "one job" if plan.jobs == 1 else f"{plan.jobs} jobs at once"
    parts = [f"{jobs}{_job(plan.job)}"]
    parts += [f"for each of {plan.clients} clients"] if plan.clients > 1 else []
    parts += [f"in {plan.runs} runs"] if plan.runs > 1 else []
    if plan.stop is not None:
        parts.append(f"{_STOPS[plan.stop.by]} {plan.stop.after:g} s after the start")
    return ", ".join(parts)


def _job(job: JobPlan) -> str:
    """What is ordered, as far as it is unusual."""
    usual = JobPlan()
    prompt = job.prompt if len(job.prompt) <= _MOST else f"{job.prompt[:_MOST]}..."
    parts = [f"the prompt {prompt!r}"] if job.prompt != usual.prompt else []
    parts += [_counted(job.n, "image")] if job.n != 1 else []
    parts += [f"the size {job.size}"] if job.size is not None else []
    parts += [f"the model {job.model}"] if job.model is not None else []
    parts += [_counted(job.references, "reference image")] if job.references else []
    parts += ["a mask"] if job.mask else []
    return f" with {', '.join(parts)}" if parts else ""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
