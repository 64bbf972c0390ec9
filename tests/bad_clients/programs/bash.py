"""Wrong clients in bash: lines of the good one, and what stands in their place."""

from tests.bad_clients.bad_client import BASH, BadClient

WRONG: tuple[BadClient, ...] = (
    BASH.changed(
        "bash-prompt-pasted",
        "prompt-intact",
        "The prompt goes into the JSON between two quotation marks, and tr takes out what hurts.",
        (
            '    job \'.job | {model: (.model // "gpt-4o-image"), prompt, n}\n',
            '    job \'.job | {model: (.model // "gpt-4o-image"), n,\n'
            '        prompt: (.prompt | gsub("[\\"\\\\\\\\\\n]"; ""))}\n',
        ),
        stories="orders/quotes",
    ),
    BASH.changed(
        "bash-quoted-number",
        "valid-request",
        "--arg was used where --argjson was meant: everything is text in bash.",
        ("prompt, n}\n", "prompt, n: (.n | tostring)}\n"),
        stories="lives/usual",
    ),
    BASH.changed(
        "bash-nameless",
        "names-itself",
        "An empty user agent was in the script that this one was copied from.",
        ("await curl --silent", 'await curl --user-agent "" --silent'),
        stories="lives/usual",
    ),
    BASH.changed(
        "bash-key-in-query",
        "key-in-header-only",
        "Another API of this kind takes the key as a parameter.",
        ('    call "$base/$path" --header', '    call "$base/$path?key=$key" --header'),
        stories="lives/usual",
    ),
    BASH.changed(
        "bash-key-traced",
        "key-not-printed",
        "set -x was left in, and the log keeps everything.",
        ("set -uo pipefail\n", "set -uxo pipefail\n"),
        stories="submit/401",
    ),
    BASH.changed(
        "bash-follows-redirects",
        "post-stays-post",
        "--location makes a POST to an old address work, so it seems.",
        ("await curl --silent", "await curl --location --silent"),
        stories="submit/redirect-302",
    ),
    BASH.changed(
        "bash-until-it-works",
        "no-retry-after-401",
        "until curl --fail is the shortest loop.",
        ("    [[ $status == 429 || $status == 503", "    [[ $status == 4?? || $status == 503"),
        stories="submit/401",
    ),
    BASH.changed(
        "bash-poll-429-is-final",
        "retry-429-poll",
        "case $status in 4??) was quickly written.",
        ("    408 | 409 | 425 | 429) return 1 ;;\n", "    408 | 409 | 425) return 1 ;;\n"),
        stories="poll-1/429",
    ),
    BASH.changed(
        "bash-seeded",
        "jitter-per-process",
        "RANDOM was given a seed so that a test could be repeated.",
        ("set -uo pipefail\n", "set -uo pipefail\nRANDOM=42\n"),
        # A subshell draws from a seed of its own.
        (
            "upto() { echo $(($1 * (RANDOM * 32768 + RANDOM) / 1073741824)); }\n",
            "drawn=$RANDOM\nupto() { echo $(($1 * drawn / 32768)); }\n",
        ),
        stories="storms/busy-three-times-in-many-runs",
        perhaps={
            "backoff-jitter": "each run is a process, so none differs, if the machine lets it show",
        },
    ),
    BASH.changed(
        "bash-reason-lost",
        "error-details-told",
        "The message is printed to the screen and not put into the result.",
        (
            "    local message=${3-}\n",
            '    local message=${3:+"it did not work"}\n    set -- "$1" "${2:+null}"\n',
        ),
        stories="submit/400",
        last_error_told="it tells no error of the server's",
    ),
    BASH.changed(
        "bash-cut-urls",
        "exact-results",
        "Everything behind the question mark looked like tracking.",
        (
            '         urls: ($urls | split("\\n") | map(select(. != ""))),',
            '         urls: ($urls | split("\\n") | map(select(. != "") | sub("[?].*"; ""))),',
        ),
        stories="lives/usual",
    ),
    BASH.changed(
        "bash-first-poll-at-once",
        "poll-floor",
        "while ! poll; do sleep 5; done begins with a poll.",
        ("first_poll=5\n", "first_poll=0\n"),
        ("first_poll * 1000 + $(upto", "first_poll * 1000 + 0 * $(upto"),
        stories="lives/usual",
    ),
    BASH.changed(
        "bash-unknown-is-done",
        "unknown-status",
        "The case has queued and running, and everything else means that it is over.",
        ("        succeeded | completed) return ;;\n", ""),
        (
            '        failed) end failed "$(error_code)" "$(error_message)" ;;\n',
            '        failed) end failed "$(error_code)" "$(error_message)" ;;\n'
            "        queued | running) ;;\n        *) return ;;\n",
        ),
        stories="lives/unknown-status",
    ),
    BASH.changed(
        "bash-curl-retries",
        "submit-once-after-reset",
        "curl has --retry-all-errors, and that sounds thorough.",
        ("await curl --silent", "await curl --retry 2 --retry-all-errors --silent"),
        stories="submit/lost-reply",
    ),
    BASH.changed(
        "bash-again-after-5xx",
        "submit-once-after-5xx",
        "Gateway errors are retried in every runbook.",
        (
            "    [[ $status == 429 || $status == 503",
            "    [[ $status == 429 || $status == 50[024] || $status == 503",
        ),
        stories="submit/html-502-moment-after",
    ),
    BASH.changed(
        "bash-lost-is-failed",
        "unknown-outcome-told",
        "curl failed, so the order failed.",
        ('end unknown \'"lost_reply"\' "the order', 'end failed \'"lost_reply"\' "the order'),
        stories="submit/400, submit/lost-reply",
    ),
    BASH.changed(
        "bash-uncounted",
        "missing-results-noticed",
        "The loop over the URLs does nothing when there are none.",
        ("    ((came == count)) || end failed", "    true || end failed"),
        stories="lives/no-images",
    ),
    BASH.changed(
        "bash-fetches-for-ever",
        "expired-result-handled",
        "until curl --fail --output is the shortest download.",
        ("downloads=3\n", "downloads=12\n"),
        ("            [[ $status == 5?? || $status == 429 ]] || break\n", ""),
        ("steps=(1 2 4 8 16)", "steps=(1 2 4 1 1)"),
        stories="lives/usual, lives/expired",
    ),
    BASH.changed(
        "bash-saves-anything",
        "download-checked",
        "curl --output writes what comes, and nobody opens it.",
        (
            "ending=png && [[ $first == 89504e47 && $last == 49454e44ae426082 ]] ;;",
            "ending=png ;;",
        ),
        stories="lives/usual, result/image-truncated",
    ),
    BASH.changed(
        "bash-deaf-to-signals",
        "signal-stops",
        "SIGTERM was trapped so that a download is not left half done.",
        (
            "trap 'trap - TERM; kill $(jobs -p) 2>/dev/null; exit 143' TERM INT\n",
            "trap '' TERM\n",
        ),
        stories="stops/signal-wait",
    ),
    BASH.changed(
        "bash-body-taken-out",
        "same-body-on-retry",
        "The order lies in a queue, and is taken out of it to be sent.",
        (
            '"@$folder/order"; then',
            '@<(cat "$folder/order"; rm "$folder/order"); then',
        ),
        stories="submit/429",
        valid_request="an empty body is no order",
        retry_429_submit="the empty body is refused with 400, and that ends the retries",
    ),
    BASH.changed(
        "bash-retries-refusals",
        "no-retry-after-refusal",
        "Whatever is no 200 comes again.",
        ("    [[ $status == 429 || $status == 503", "    [[ $status == 4?[2-9] || $status == 503"),
        ("steps=(1 2 4 8 16)", "steps=(1 2 4)"),
        stories="submit/422",
    ),
    BASH.changed(
        "bash-failed-is-done",
        "failure-is-an-error",
        "The loop ends when the task has ended, and what it ended with is not looked at.",
        (
            '        failed) end failed "$(error_code)" "$(error_message)" ;;\n',
            "        failed) return ;;\n",
        ),
        ("    ((came == count)) || end failed", "    ((came <= count)) || end failed"),
        stories="lives/failed-generation-failed",
    ),
)
