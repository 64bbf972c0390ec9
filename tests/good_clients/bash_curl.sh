#!/usr/bin/env bash
# The careful client for bash, curl and jq.
#
# The job comes as JSON in the environment variable JOB; the last line of the output is the outcome
# as JSON. Times are milliseconds where their names say so, else seconds.
set -uo pipefail

steps=(1 2 4 8 16)
spread_percent=25
first_poll=5
interval=5
interval_spread_ms=1000
patience=120
tolerated=6
call_seconds=30
downloads=3

job() { jq --raw-output "$@" <<<"$JOB"; }

base=$(job .base_url)
key=$(job .api_key)
out_dir=$(job '.job.out_dir // ""')
count=$(job .job.n)

folder=$(mktemp -d)
reply=$folder/reply
task="" progress="" troubles=0 seen=""
: >"$folder/urls"

# A signal ends whatever is waited for.
trap 'trap - TERM; kill $(jobs -p) 2>/dev/null; exit 143' TERM INT
trap 'rm -rf "$folder"' EXIT

# await COMMAND...: run it so that a signal is heeded meanwhile.
await() {
    "$@" &
    wait $!
}

# pause_ms MILLISECONDS
pause_ms() { await sleep "$(($1 / 1000)).$(printf '%03d' $(($1 % 1000)))"; }

# upto NUMBER: a random number below it.
upto() { echo $(($1 * (RANDOM * 32768 + RANDOM) / 1073741824)); }

# end STATUS [CODE MESSAGE]: say what came of the job, and go. The key is never said.
end() {
    local message=${3-}
    jq --null-input --compact-output --arg status "$1" --arg task "$task" \
        --argjson code "${2:-null}" --arg message "${message//"$key"/***}" \
        --rawfile urls "$folder/urls" --argjson progress "[$progress]" '
        {status: $status, task_id: (if $task == "" then null else $task end),
         urls: ($urls | split("\n") | map(select(. != ""))), progress: $progress}
        + (if $message == "" then {} else {code: $code, message: $message} end)'
    [[ $1 == succeeded ]]
    exit
}

# call URL [CURL OPTIONS]: the content goes into the file $reply, its status into $status (000 when
# there was none), its type into $kind, what it asks to wait for into $asked. Redirects are not
# followed. False when no whole reply came; then $curl_exit says why.
call() {
    local url=$1
    shift
    : >"$reply"
    await curl --silent --globoff --compressed --max-time "$call_seconds" --output "$reply" \
        --write-out '%{http_code}\n%{content_type}\n%header{retry-after}\n' "$@" -- "$url" \
        >"$folder/told"
    curl_exit=$?
    { read -r status && read -r kind && read -r asked; } <"$folder/told" || asked=""
    ((curl_exit == 0))
}

# call_api PATH [CURL OPTIONS]: with the key, which is read from a pipe: everyone on the machine can
# see the arguments of a command.
call_api() {
    local path=$1
    shift
    call "$base/$path" --header @<(echo "Authorization: Bearer $key") "$@"
}

# field FILTER: a value out of the reply, nothing where the reply is no JSON object.
field() {
    jq --raw-output "if type == \"object\" then $1 else empty end" "$reply" 2>/dev/null | head -n 1
}

# Code (as JSON) and message of an error; words of our own where the server has none.
error_code() {
    local code
    code=$(jq --compact-output 'if type == "object" then (.error | objects) // . else {} end
        | .code | if type == "string" or type == "number" then . else null end' \
        "$reply" 2>/dev/null)
    echo "${code:-null}"
}
error_message() {
    local message
    message=$(jq --raw-output 'if type == "object" then (.error | objects) // . else {} end
        | .message | strings' "$reply" 2>/dev/null)
    echo "${message:-no message}"
}

# asked_seconds: what Retry-After asks for, a number or a date; 0 for nonsense and for too much.
asked_seconds() {
    local seconds=0
    if [[ $asked =~ ^[0-9]+$ ]]; then
        ((${#asked} > 6)) || seconds=$((10#$asked))
    elif [[ $asked =~ [0-9]{2}:[0-9]{2}:[0-9]{2} ]]; then
        seconds=$(date --utc --date "$asked" +%s 2>/dev/null) || seconds=0
        # Epoch seconds count whole ones: a part of one is still to come.
        seconds=$((seconds - $(date +%s)))
    fi
    ((seconds > 0 && seconds <= patience)) && echo "$seconds" || echo 0
}

# backoff_ms ATTEMPT: how long to wait after so many failures; longer where the server asks for it.
backoff_ms() {
    local index=$(($1 < ${#steps[@]} ? $1 : ${#steps[@]} - 1)) wanted
    local seconds=${steps[$index]}
    wanted=$(asked_seconds)
    ((wanted <= seconds)) || seconds=$wanted
    echo $((seconds * 1000 + $(upto $((seconds * 10 * spread_percent + 1)))))
}

interval_ms() { echo $((interval * 1000 + $(upto "$interval_spread_ms"))); }

# busy: nothing was made, and the same order may be sent later.
busy() {
    [[ $status == 429 || $status == 503 && $(error_code) == '"rate_limit_unavailable"' ]]
}

# Place the order; it is sent again only where nothing can have come of it.
submit() {
    local attempt=0
    job '.job | {model: (.model // "gpt-4o-image"), prompt, n}
        + (if .size then {size} else {} end)
        + (if .references == [] then {} else {reference_images: .references} end)
        + (if .mask then {mask_url: .mask} else {} end)' >"$folder/order"
    while true; do
        if ! call_api images/generations --header "Content-Type: application/json" \
            --data-binary "@$folder/order"; then
            ((curl_exit == 7)) || end unknown '"lost_reply"' "the order may have been accepted"
            asked=""
            ((attempt < ${#steps[@]})) || end failed '"unreachable"' "the API was not reached"
        elif busy; then
            ((attempt < ${#steps[@]})) || end failed "$(error_code)" "$status: $(error_message)"
        else
            break
        fi
        pause_ms "$(backoff_ms "$attempt")"
        attempt=$((attempt + 1))
    done
    accepted
}

# accepted: take the id of the task, or end with every other reply.
accepted() {
    case $status in
    408) ;;
    4??) end failed "$(error_code)" "$status: $(error_message)" ;;
    # What was no UTF-8 became U+FFFD, which is in no id.
    200) task=$(field '.id | strings | select(test("\ufffd") | not)') ;;
    esac
    [[ -n $task ]] || end unknown "$(error_code)" \
        "$status: the order may have been accepted: $(error_message)"
}

# final: the poll was refused for good.
final() {
    case $status in
    408 | 409 | 425 | 429) return 1 ;;
    404) [[ -n $seen ]] || ((troubles >= 2)) ;;
    4??) return 0 ;;
    *) return 1 ;;
    esac
}

# after_trouble CODE MESSAGE: set $wait_ms, or give up when it was one trouble too many.
after_trouble() {
    troubles=$((troubles + 1))
    ((troubles <= tolerated)) || end unknown "$1" "$2"
    wait_ms=$(interval_ms)
    [[ $status == 429 ]] || return 0
    local longer
    longer=$(backoff_ms $((troubles - 1)))
    ((longer <= wait_ms)) || wait_ms=$longer
}

# Poll until the task has ended. Reading changes nothing, so trouble may be waited out.
wait_for_it() {
    local path state end_ms wait_ms
    path=images/generations/$(jq --null-input --raw-output --arg id "$task" '$id | @uri')
    end_ms=$(($(date +%s%3N) + patience * 1000))
    wait_ms=$((first_poll * 1000 + $(upto "$interval_spread_ms")))
    while (($(date +%s%3N) + wait_ms <= end_ms)); do
        pause_ms "$wait_ms"
        if ! call_api "$path"; then
            status=000
            after_trouble '"lost_reply"' "poll: no whole reply"
            continue
        fi
        ! final || end failed "$(error_code)" "$status: $(error_message)"
        state=""
        [[ $status != 200 ]] || state=$(field '.status | strings')
        if [[ -z $state ]]; then
            after_trouble "$(error_code)" "$status: $(error_message)"
            continue
        fi
        troubles=0 seen=yes
        case $state in
        succeeded | completed) return ;;
        failed) end failed "$(error_code)" "$(error_message)" ;;
        esac
        tell "$(field '.progress | numbers | select(. >= 0 and . <= 100)')"
        wait_ms=$(interval_ms)
    done
    end unknown '"deadline"' "task $task: no end after $patience s"
}

# tell PERCENT: report the progress: only numbers, and never back.
tell() {
    local last=${progress##*,}
    [[ -n $1 ]] && jq --null-input --exit-status "$1 > ${last:--1}" >/dev/null || return 0
    progress=${progress:+$progress,}$1
}

# Take the URLs of the results; there have to be as many as were ordered.
results() {
    jq --raw-output '(.result | objects | .data | arrays | .[] | objects | .url | strings)' \
        "$reply" >"$folder/urls" 2>/dev/null
    local came
    came=$(grep --count . "$folder/urls")
    ((came == count)) || end failed '"missing_results"' "$count images were ordered, $came came"
}

# whole: the file $reply begins and ends as an image of the type $kind.
whole() {
    local first last
    first=$(head -c 4 "$reply" | od -An -tx1 | tr -d ' \n')
    last=$(tail -c 8 "$reply" | od -An -tx1 | tr -d ' \n')
    case ${kind%%;*} in
    image/png) ending=png && [[ $first == 89504e47 && $last == 49454e44ae426082 ]] ;;
    image/jpeg) ending=jpg && [[ $first == ffd8ff* && $last == *ffd9 ]] ;;
    image/webp) ending=webp && [[ $first == 52494646 ]] ;;
    *) false ;;
    esac
}

# fetch NUMBER URL: save one image; a file host may be busy, but 403, 404 and 410 are final. The key
# is not sent along: files lie on whatever host.
fetch() {
    local attempt problem=""
    for ((attempt = 0; attempt < downloads; attempt++)); do
        ((attempt == 0)) || pause_ms "$(backoff_ms $((attempt - 1)))"
        if ! call "$2" --max-time 60; then
            problem="no whole reply"
        elif [[ $status == 200 ]] && whole; then
            mv "$reply" "$out_dir/image-$1.$ending"
            return
        elif [[ $status == 200 ]]; then
            problem="no whole ${kind:-image}"
        else
            problem=$status
            [[ $status == 5?? || $status == 429 ]] || break
        fi
    done
    end failed '"download_failed"' "image $1 could not be fetched: $problem"
}

submit
wait_for_it
results
if [[ -n $out_dir ]]; then
    number=0
    while read -r url <&3; do
        number=$((number + 1))
        fetch "$number" "$url"
    done 3<"$folder/urls"
fi
end succeeded
