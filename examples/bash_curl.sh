#!/usr/bin/env bash
# Order images, wait for them and save them: a complete client with curl and jq.
#
#   BASE_URL=http://127.0.0.1:8080/v1 API_KEY=sk-... ./bash_curl.sh "A red fox" 2 3:2
#
# Arguments: prompt, number of images (1), size (1:1), folder (images), seconds between polls (5).
#
# It polls as the API advises, backs off 1, 2 and 4 seconds with jitter when it is told 429, and
# never sends an order twice that may have been accepted, for every order is paid for.
set -euo pipefail

prompt=$1 n=${2:-1} size=${3:-1:1} folder=${4:-images} every=${5:-5}
longest_pause_seconds=60
longest_wait_seconds=120
poll_failures_tolerated=3

reply=$(mktemp)
trap 'rm -f "$reply" "$folder/part"' EXIT

fail() {
    echo "error: $1" >&2
    exit 1
}

# jitter SECONDS PERCENT: at least so many seconds, and up to so many percent more.
jitter() {
    awk -v seconds="$1" -v percent="$2" -v seed="$RANDOM" \
        'BEGIN { srand(seed); print seconds * (1 + rand() * percent / 100) }'
}

# call PATH [CURL OPTIONS]: the reply goes into the file $reply, its status code into $status (000
# when there was none), what it asks to wait for into $asked. The key is read from a pipe, for
# everyone on the machine can see the arguments of a command.
call() {
    local path=$1 told
    shift
    told=$(curl --silent --max-time 30 --output "$reply" \
        --write-out '%{http_code} %header{retry-after}' \
        --header @<(echo "Authorization: Bearer $API_KEY") "$@" "${BASE_URL%/}/$path") || told=000
    status=${told%% *} asked=${told#* }
}

# What $asked asks to wait, as a number of seconds or until a date; 0 for anything else.
asked_seconds() {
    if [[ $asked =~ ^[0-9]{1,9}$ ]]; then
        echo "$((10#$asked))"
    elif [[ $asked =~ ^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ]]; then
        echo "$(($(TZ=UTC date --date="$asked" +%s 2>/dev/null || echo 0) - $(date +%s)))"
    else
        echo 0
    fi
}

# patiently PATH [CURL OPTIONS]: call again after each 429, a little later every time.
patiently() {
    local seconds
    for seconds in 1 2 4; do
        call "$@"
        [[ $status == 429 ]] || return 0
        asked=$(asked_seconds)
        if ((asked > seconds)); then
            seconds=$((asked < longest_pause_seconds ? asked : longest_pause_seconds))
        fi
        sleep "$(jitter "$seconds" 25)"
    done
    call "$@"
}

# The message of an error; that of its envelope, or what can be said without one.
message() {
    jq --raw-output '.error.message // "no message"' "$reply" 2>/dev/null || echo "no JSON object"
}

# The API wants a number for n: a quoted one is refused, hence --argjson.
order=$(jq --null-input --arg prompt "$prompt" --arg size "$size" --argjson n "$n" \
    '{model: "gpt-4o-image", prompt: $prompt, size: $size, n: $n}')
patiently images/generations --header "Content-Type: application/json" --data-raw "$order"
# Sent again after a broken connection, it could be paid for twice: a person has to look.
[[ $status != 000 ]] || fail "no reply: unless the server is down, the order may have been accepted"
[[ $status == 200 ]] || fail "$status: $(message)"
id=$(jq --raw-output '.id // ""' "$reply" 2>/dev/null) || id=""
[[ -n $id ]] || fail "the order may have been accepted, but its id is missing"
echo "task $id"

# Poll until the task has ended. Reading a status changes nothing, so a hiccup on the way may be
# waited out. The API's documents disagree on the word for success, so both are known here.
failures=0
while true; do
    ((SECONDS < longest_wait_seconds)) || fail "task $id had not ended after $SECONDS seconds"
    sleep "$(jitter "$every" 10)"
    patiently "images/generations/$id"
    case $status in
    200) state=$(jq --raw-output '.status // ""' "$reply" 2>/dev/null) || state="" ;;
    4??) fail "$status: $(message)" ;;
    *) state="" ;;
    esac
    case $state in
    succeeded | completed) break ;;
    failed) fail "task $id failed: $(message)" ;;
    "") ((++failures <= poll_failures_tolerated)) || fail "$status: $(message)" ;;
    *) failures=0 ;;
    esac
done

# Save the images. The files are on another host, so the key is not sent along.
mkdir -p "$folder"
mapfile -t urls < <(jq --raw-output '.result.data[]?.url' "$reply")
number=0
for url in "${urls[@]}"; do
    number=$((number + 1))
    kind=$(curl --silent --fail --max-time 60 --output "$folder/part" \
        --write-out '%{content_type}' "$url") || fail "image $number could not be fetched"
    case ${kind%%;*} in
    image/png) ending=png ;;
    image/jpeg) ending=jpg ;;
    image/webp) ending=webp ;;
    *) fail "image $number is ${kind:-of no type}" ;;
    esac
    mv "$folder/part" "$folder/image-$number.$ending"
    echo "$folder/image-$number.$ending"
done
((number == n)) || fail "$n images were ordered, $number came"
