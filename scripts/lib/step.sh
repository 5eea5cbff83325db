# Long steps, several at once if need be: each says what it does and how long it may take, shows how far it is, and keeps its
# output in a log that is shown when it fails. Sourced after say.sh and guard.sh, never run.
#
#   step_begin NAME "What it does (about how long)" COMMAND...
#   step_finish || ...        waits for all that were begun; each failure is told

logs=$root/.hihichat/log
step_names=''

step_begin() {
  local name=$1
  say "$2"
  shift 2
  mkdir -p "$logs"
  guard_run step_command "$logs/$name.log" "$@"
  step_names="$step_names $name:$job"
}

step_command() {
  # Cargo counts crates only for a terminal, or when it is told to.
  export CARGO_TERM_COLOR=never CARGO_TERM_PROGRESS_WHEN=always CARGO_TERM_PROGRESS_WIDTH=100
  local log=$1
  shift
  "$@" >"$log" 2>&1
}

step_finish() {
  local started=$SECONDS shown=$SECONDS entry pid name running line failed=0
  while :; do
    running='' line=''
    for entry in $step_names; do
      name=${entry%:*} pid=${entry##*:}
      kill -0 "$pid" 2>/dev/null || continue
      running=yes
      line="$line, $name$(step_progress "$logs/$name.log")"
    done
    [ -n "$running" ] || break
    line="  $((SECONDS - started)) s${line}"
    if [ -t 1 ]; then
      printf '\r\033[K%.*s' "${COLUMNS:-80}" "$line"
    elif [ $((SECONDS - shown)) -ge 15 ]; then
      say "$line"
      shown=$SECONDS
    fi
    sleep 0.3
  done
  [ ! -t 1 ] || printf '\r\033[K'
  for entry in $step_names; do
    name=${entry%:*} pid=${entry##*:}
    guard_wait "$pid" && continue
    failed=1
    step_explain "$name"
  done
  step_names=''
  return "$failed"
}

# " 120/223" from the last count that Cargo showed, or nothing.
step_progress() {
  tail -c 2000 "$1" 2>/dev/null | tr '\r' '\n' |
    sed -n -e 's|.*\] \([0-9]*/[0-9]*\).*| \1|p' -e 's|.*Blocking waiting for file lock.*| waits for another Cargo|p' | tail -n 1
}

step_explain() {
  say "--- $1 failed; the end of ${logs#"$root"/}/$1.log:"
  tr '\r' '\n' <"$logs/$1.log" | grep -av '^ *Building \[' | tail -n "${STEP_LINES:-40}"
  say "---"
}
