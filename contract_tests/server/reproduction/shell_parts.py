"""The fixed parts of shell scripts."""

HOW_TO_RUN = """#
# Starts from nothing. Needs bash, curl and jq. Exit status: 0 the promise is kept, 1 it is broken,
# 2 the script could not get that far.
set -u
"""

SETTINGS = """BASE_URL=${BASE_URL:-http://127.0.0.1:8080/v1}
: "${API_KEY:?the key to call with}"
# Seconds that pass for the server in one; more than 1 for a mock that runs faster.
SPEED=${SPEED:-1}
root=${BASE_URL%/v1}
run=$(date +%s)-$$
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT"""

MOCK_SETTINGS = """# The mock to make a session at; only a mock can be told what shall happen.
MOCK_URL=${MOCK_URL:-http://127.0.0.1:8080}
run=$(date +%s)-$$
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT"""

SESSION = """
# A session of its own, which plays this story; its clock stands still until it is moved.
story='@STORY@'
jq --null-input --argjson story "$story" '{scenario: $story, frozen: true}' |
    curl --silent --show-error --fail "$MOCK_URL/_mock/sessions" \\
        --header 'Content-Type: application/json' --data-binary @- > "$dir/session" || exit 2
root=$(jq --raw-output '.base_url | rtrimstr("/v1")' "$dir/session")
API_KEY=$(jq --raw-output .api_key "$dir/session")
session=$(jq --raw-output .name "$dir/session")"""

CALL = """
# call NAME METHOD URL [curl's options]: keeps the reply under that name
call() {
    local name=$1 method=(--request "$2") url=$3
    shift 3
    test "${method[1]}" = HEAD && method=(--head)
    curl --silent --show-error --path-as-is "${method[@]}" "$@" \\
        --dump-header "$dir/$name.head" --output "$dir/$name" \\
        --write-out '%{http_code}\\n' "$url" > "$dir/$name.code" || echo 000 > "$dir/$name.code"
    touch "$dir/$name" "$dir/$name.head"
    local body=$dir/$name
    grep -qi '^content-type: *image/' "$dir/$name.head" && body=/dev/null
    jq --raw-input --slurp --compact-output --arg code "$(< "$dir/$name.code")" \\
        '{code: ($code | tonumber), json: (try (fromjson | true) catch false),
          body: (try fromjson catch null)}' "$body" > "$dir/$name.all"
}
# only_if WHAT COMMAND...: else the promise says nothing of this reply
only_if() {
    local what=$1
    shift
    "$@" > "$dir/said" && return
    grep -qx 000 "$dir"/*.code && { echo "not reached: no reply" >&2; exit 2; }
    echo "kept; not so: $what"
    exit 0
}
# given WHAT COMMAND...: without this there is nothing to be seen
given() {
    local what=$1
    shift
    "$@" > "$dir/said" || { echo "not reached: $what" >&2; exit 2; }
}
# promised WHAT COMMAND...: this is what the API promises
promised() {
    local what=$1
    shift
    "$@" > "$dir/said" || { echo "broken: $what" >&2; exit 1; }
}"""

END = """grep -qx 000 "$dir"/*.code && { echo "not reached: no reply" >&2; exit 2; }
echo "kept\""""

# Functions that only some scripts need, by their names.
FUNCTIONS = {
    "from": """# from NAME PATH: what stands at that path of a reply's JSON
from() {
    jq --raw-output --exit-status "getpath($2)" "$dir/$1" || {
        echo "not reached: the reply $1 has nothing at $2" >&2
        kill -s TERM $$
    }
}
trap 'exit 2' TERM""",
    "field": """# field NAME FIELD: the value of a header field of a reply
field() {
    tr -d '\\r' < "$dir/$1.head" | sed -n "s/^$2: *//Ip" | head -n 1
}""",
    "codes": """# codes NAME 200 201 ...: the status of that reply is one of these
codes() {
    local name=$1
    shift
    [[ " $* " == *" $(tail -n 1 "$dir/$name.code") "* ]]
}""",
    "json": """# json NAME FILTER: it is true of {code, json, body}, of all where there are several
json() {
    test -s "$dir/$1.all" && jq --slurp --exit-status "all(.[]; $2)" "$dir/$1.all" \\
        2> "$dir/errors"
}""",
}

PAUSE = """# pause SECONDS: time of the server's clock goes by
pause() {
    sleep "$(jq --null-input "$1 / $SPEED")"
}"""

STORY_PAUSE = """# pause SECONDS: the session's clock is moved
pause() {
    curl --silent --show-error --fail "$MOCK_URL/_mock/sessions/$session/clock/advance" \\
        --header 'Content-Type: application/json' --data "{\\"seconds\\": $1}" \\
        --output "$dir/clock" || exit 2
}"""

_AWAIT = """# await NAME URL [curl's options]: reads a task's status until it has ended
await() {
    local name=$1 url=$2 most=$((@PATIENCE@ / @POLL@ + 1)) turn
    shift 2
    : > "$dir/every.all"
    for ((turn = 0; turn < most; turn++)); do
        pause @POLL@
        call "$name" GET "$url" "$@"
        cat "$dir/$name.all" >> "$dir/every.all"
        jq --exit-status '.status | IN(@WORDS@)' "$dir/$name" > "$dir/said" 2>&1 && break
        codes "$name" 200 || break
    done
    mv "$dir/every.all" "$dir/$name.all"
}"""

SIDES = """# sides NAME: width and height of a PNG or JPEG file
sides() {
    od -An -v -tu1 -w1 -N65536 "$dir/$1" | awk '
        { byte[NR - 1] = $1 + 0 }
        END {
            if (byte[0] == 137 && byte[1] == 80) {
                print byte[18] * 256 + byte[19], byte[22] * 256 + byte[23]
                exit
            }
            place = 2
            while (byte[0] == 255 && place < NR) {
                kind = byte[place + 1]
                if (kind >= 192 && kind <= 207 && kind != 196 && kind != 200 && kind != 204) {
                    print byte[place + 7] * 256 + byte[place + 8], \\
                        byte[place + 5] * 256 + byte[place + 6]
                    exit
                }
                place += 2 + byte[place + 2] * 256 + byte[place + 3]
            }
        }'
}
# whole NAME: a PNG or JPEG file has the end that it must have
whole() {
    [[ $(tail -c 12 "$dir/$1" | od -An -v -tx1 | tr -d ' \\n') =~ (49454e44ae426082|ffd9)$ ]]
}
# picture NAME ACROSS DOWN: it is an image whose sides relate like that, give or take 2 %
picture() {
    local width height
    whole "$1" || return
    read -r width height <<< "$(sides "$1")"
    jq --null-input --exit-status --arg width "${width:-0}" --arg height "${height:-0}" \\
        "(\\$width | tonumber) * $3 / (((\\$height | tonumber) * $2) + 0.001)
         | . > 0.98 and . < 1.02" > "$dir/said"
}"""


def await_function(words: str, poll: float, patience: float) -> str:
    """The function that waits for a task: its words (a JSON list), seconds between and in all."""
    return (
        _AWAIT.replace("@WORDS@", words.strip("[]"))
        .replace("@POLL@", f"{max(1, round(poll))}")
        .replace("@PATIENCE@", f"{round(patience)}")
    )
