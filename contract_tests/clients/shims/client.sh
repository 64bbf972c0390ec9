#!/usr/bin/env bash
# A small client for bash with curl (7.84 or later) and jq, to start from: orders images, waits,
# reports in JSON.
#
#   BASE_URL=http://127.0.0.1:8080/v1 API_KEY=sk-... bash client.sh --prompt="A red fox" --n=2
#
# The last line that it prints is its outcome.
set -uo pipefail

poll_seconds=5
longest_wait_seconds=120
longest_pause_seconds=45
most_troubles_in_a_row=6
call_seconds=60

status=unknown task_id="" urls="[]" code=null message="" progress="[]"

# report: the outcome as JSON.
report() {
    jq --null-input --compact-output --arg status "$status" --arg task_id "$task_id" \
        --argjson urls "$urls" --argjson code "$code" --arg message "$message" \
        --argjson progress "$progress" \
        '{status: $status, task_id: (if $task_id == "" then null else $task_id end), urls: $urls,
          code: $code, message: (if $message == "" then null else $message end),
          progress: $progress}'
}

# finish STATUS: report and end. A signal may come while the output goes elsewhere, hence 3.
exec 3>&1
finish() {
    trap - TERM INT
    status=$1
    [[ $status != cancelled ]] || kill $(jobs -p) 2>/dev/null
    report >&3
    rm -rf "$notes"
    [[ $status == succeeded ]]
    exit
}

notes=$(mktemp -d)
reply=$notes/reply
trap 'finish cancelled' TERM INT

# interruptibly COMMAND: bash looks at signals only after a command in the foreground has ended.
interruptibly() {
    "$@" &
    wait $!
}

# pause SECONDS [ASKED]: wait so long, or as long as asked; the jitter keeps clients apart.
pause() {
    local asked=${2:-0} ms
    ms=$((($1 > asked ? $1 : asked) * 1000))
    ms=$((ms + RANDOM % (ms / 4 + 1)))
    interruptibly sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}

# fetch URL [CURL OPTIONS]: the reply goes to $reply, its status code to $http (0 if none came
# whole), what it asks to wait to $asked. No redirect is followed: the key is for one host alone.
fetch() {
    local url=$1
    shift
    : >"$reply" # curl leaves the file alone where nothing comes
    interruptibly curl --silent --globoff --max-time "$call_seconds" --output "$reply" \
        --user-agent image-client/1.0 --write-out '%{http_code} %header{retry-after}' \
        "$@" "$url" >"$notes/told"
    lost=$?
    http=0 asked=0
    if ((lost == 0)); then
        local told
        told=$(<"$notes/told")
        http=${told%% *}
        asked=$(seconds_in "${told#* }")
    fi
}

# call PATH [CURL OPTIONS]: call the API. The key is read from a pipe, for everyone on the machine
# can see the arguments of a command.
call() {
    local path=$1
    shift
    fetch "${BASE_URL%/}/$path" --compressed \
        --header @<(printf 'Authorization: Bearer %s\n' "$API_KEY") "$@"
}

# seconds_in TEXT: what a Retry-After asks for, 0 where that is nothing sensible.
seconds_in() {
    local seconds=0 date
    if [[ $1 =~ ^[0-9]{1,9}$ ]]; then
        seconds=$((10#$1))
    elif [[ $1 =~ ^[A-Z][a-z]+,?\ .*(GMT|[0-9]{4})$ ]] && date=$(TZ=UTC date -d "$1" +%s 2>/dev/null); then
        seconds=$((date - $(date +%s)))
    fi
    echo $((seconds > 0 && seconds <= longest_pause_seconds ? seconds : 0))
}

# explain PATH-IN-JSON CODE MESSAGE: the server's own words, as far as there are any.
explain() {
    code=$(jq --compact-output "$1"' | .code | select(type == "string" or type == "number")' \
        "$reply" 2>/dev/null)
    code=${code:-$2}
    message=$(jq --raw-output "$1"' | .message | select(type == "string")' "$reply" 2>/dev/null)
    message=${message:-$3}
}

refused() { explain '(.error // .)' "$http" "HTTP status $http"; }

lost_reply() { code='"no_reply"' message="no whole reply: curl ended with $lost"; }

# order ARGUMENTS: the body of the order, what was not asked for left out.
order='{"model": "gpt-4o-image", "n": 1}' folder=""
put() { order=$(jq --compact-output --arg text "$2" ".$1 = $3" <<<"$order") || exit 2; }
for argument in "$@"; do
    value=${argument#*=}
    case $argument in
    --prompt=* | --size=* | --model=* | --mask_url=*)
        name=${argument%%=*}
        put "${name#--}" "$value" '$text'
        ;;
    --n=*) put n "$value" '($text | tonumber)' ;;
    --reference_images=*) put reference_images "$value" '(.reference_images + [$text])' ;;
    --out-dir=*) folder=$value ;;
    *) echo "unknown argument: $argument" >&2 && exit 2 ;;
    esac
done

# Place the order, once: it is paid for as soon as it is accepted.
for seconds in 1 2 4 8 last; do
    call images/generations --header "Content-Type: application/json" --data-raw "$order"
    [[ $http == 429 && $seconds != last ]] || break
    pause "$seconds" "$asked"
done
if ((lost)); then
    lost_reply
    # 7: there was no connection at all.
    ((lost == 7)) && finish failed
    finish unknown
elif [[ $http != 200 ]]; then
    refused
    [[ $http == 4?? ]] && finish failed
    finish unknown
fi
task_id=$(jq --raw-output 'objects | .id | strings' "$reply" 2>/dev/null)
if [[ -z $task_id ]]; then
    code='"no_task"' message="the reply names no task"
    finish unknown
fi

# Poll until the task has ended. Reading a status changes nothing, so some trouble is put up with.
path=images/generations/$(jq --null-input --raw-output --arg id "$task_id" '$id | @uri')
deadline=$((SECONDS + longest_wait_seconds))
seconds=$poll_seconds asked=0 troubles=0 is_known=""
while true; do
    if ((SECONDS + (seconds > asked ? seconds : asked) >= deadline)); then
        code='"timeout"' message="the task takes too long; it may end later"
        finish unknown
    fi
    pause "$seconds" "$asked"
    seconds=$poll_seconds
    call "$path"
    state=""
    if [[ $http == 200 && $(jq 'objects | length > 0' "$reply" 2>/dev/null) == true ]]; then
        troubles=0 is_known=yes asked=0
        progress=$(jq --compact-output --argjson past "$progress" '
            .progress as $now
            | if ($now | type) == "number" and $now <= 100 and $now >= ([0] + $past | max)
              then $past + [$now] else $past end' "$reply")
        state=$(jq --raw-output '.status | strings' "$reply")
        case $state in
        succeeded | completed) break ;;
        failed)
            explain .error '"failed"' "the task failed"
            finish failed
            ;;
        esac
        continue
    fi
    ((lost)) && lost_reply || refused
    troubles=$((troubles + 1))
    if [[ $http == 429 ]]; then
        seconds=$((1 << (troubles - 1)))
    else
        asked=0
        # A new task may not be known everywhere at once.
        if [[ $http == 4?? ]] && ! [[ $http == 404 && -z $is_known && $troubles -lt 3 ]]; then
            finish failed
        fi
    fi
    if ((troubles > most_troubles_in_a_row)); then
        [[ $http == 429 ]] && finish failed
        finish unknown
    fi
done

urls=$(jq --compact-output '[.result | objects | .data | arrays | .[] | objects | .url | strings]' \
    "$reply")
ordered=$(jq .n <<<"$order")
came=$(jq length <<<"$urls")
code=null message=""
if [[ $ordered != "$came" ]]; then
    code='"missing_images"' message="$ordered ordered, $came came"
    finish failed
fi

# is_whole FILE: whether an image has its end: PNG, JPEG or WebP.
is_whole() {
    local start end
    start=$(head -c 4 "$1" | od -An -tx1 | tr -d ' \n')
    end=$(tail -c 8 "$1" | od -An -tx1 | tr -d ' \n')
    case $start in
    89504e47) [[ $end == 49454e44ae426082 ]] ;;
    ffd8*) [[ $end == *ffd9 ]] ;;
    52494646) (($(wc -c <"$1") >= $(od -An -tu4 -j4 -N4 "$1") + 8)) ;;
    *) false ;;
    esac
}

# Save the images, whole or not at all; the key stays at home.
if [[ -n $folder ]]; then
    mapfile -t addresses < <(jq --raw-output '.[]' <<<"$urls")
    for index in "${!addresses[@]}"; do
        name=image-$((index + 1))
        code='"download"'
        fetch "${addresses[index]}"
        if [[ $http != 200 ]]; then
            message="$name could not be fetched: $http"
            finish failed
        elif ! is_whole "$reply"; then
            message="$name is no whole image"
            finish failed
        fi
        mv "$reply" "$folder/$name"
    done
fi
code=null message=""
finish succeeded
