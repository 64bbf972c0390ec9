"""Jobs as JSON: what a client that reads JSON is told."""

import json

from contract_tests.outcome import Job


def run_message(job: Job, job_id: str) -> dict[str, object]:
    """A job as a client is told it, under an id; what is left to the client is null or empty."""
    return {
        "id": job_id,
        "base_url": job.base_url,
        "api_root": job.api_root,
        "api_key": job.api_key,
        "job": {
            "prompt": job.prompt,
            "size": job.size,
            "n": job.n,
            "references": list(job.references),
            "mask": job.mask,
            "model": job.model,
            "reference_files": [str(file) for file in job.reference_files],
            "mask_file": None if job.mask_file is None else str(job.mask_file),
            "out_dir": None if job.out_dir is None else str(job.out_dir),
        },
    }


def run_line(job: Job) -> str:
    """The same on one line."""
    return json.dumps(run_message(job, job.id))
