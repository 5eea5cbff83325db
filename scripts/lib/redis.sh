# A Redis for development and tests: Debian's redis-server, or what a Mac has, and in front of it the gateway, which speaks
# the protocol of hosted Redis. Sourced after step.sh and tools.sh, never run.

redis_mend='sudo apt-get install -y redis-server'
[ "$(uname -s)" != Darwin ] || redis_mend='brew install redis'

# The server, and the gateway built; exports HIHICHAT_GATEWAY, which the tests start.
redis_setup() {
  local target=${CARGO_TARGET_DIR:-$root/target} built=yes
  if ! redis_find && command -v apt-get >/dev/null; then
    step_begin redis "Installing redis-server by apt (about half a minute)" redis_install
  fi
  step_begin gateway "Building the gateway in front of Redis (1 minute the first time)" \
    cargo build --manifest-path "$root/Cargo.toml" --package hihichat-gateway --target-dir "$target"
  step_finish || built=''
  export HIHICHAT_GATEWAY=$target/debug/hihichat-gateway
  redis_find || { say "redis-server is missing and could not be installed: run  $redis_mend"; return 1; }
  [ -n "$built" ]
}

redis_find() { command -v redis-server >/dev/null; }

# A server of the system's own isn't wanted, only the program: where apt starts one, it is on another port than ours.
redis_install() {
  local sudo=''
  # sudo -n: a question for a password could not be seen here.
  [ "$(id -u)" -eq 0 ] || sudo='sudo -n'
  $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server
}

redis_token=development

# redis_start FOLDER PORT: both, with data that outlives them in FOLDER; the gateway at PORT or the next one that is free.
# Leaves their addresses in $redis_address and $redis_gateway.
redis_start() {
  local folder=$1 port
  guard_lock_in "$folder" server # two servers on one file would spoil it
  port=$(port_free 6380)
  redis_address=127.0.0.1:$port
  redis_run redis "$folder/server.log" 'eady to accept connections' \
    redis-server --bind 127.0.0.1 --port "$port" --dir "$folder" --save '' --appendonly yes
  redis_run gateway "$folder/gateway.log" '^gateway http' \
    "$HIHICHAT_GATEWAY" --redis "redis://$redis_address" --port "$(port_free "$2")" --token "$redis_token"
  redis_gateway=$(sed -n 's/^gateway //p' "$folder/gateway.log")
}

# redis_run NAME LOG WORDS COMMAND...: starts it and waits until its log has the words.
redis_run() {
  local name=$1 log=$2 words=$3
  shift 3
  : >"$log"
  guard_run redis_logging "$log" "$@"
  until grep -q "$words" "$log"; do
    kill -0 "$job" 2>/dev/null || { cat "$log"; fail "$name does not start, its last words are above."; }
    sleep 0.1
  done
}

redis_logging() {
  local log=$1
  shift
  exec "$@" >"$log" 2>&1
}
