# Nothing that a script starts may outlive it, however the script ends. Sourced, never run.
#
# Every long command runs in a process group of its own, and a watchdog reads their numbers from a pipe. When the script is
# gone (end, Ctrl-C, kill, kill -9) the pipe closes and the watchdog ends the groups that are left. So there is one way to
# clean up, and it does not depend on the script being able to run a trap.

guard_start() {
  local fifo
  fifo=$(mktemp -d "${TMPDIR:-/tmp}/hihichat.XXXXXX")
  mkfifo "$fifo/groups"
  set -m
  guard_watch "$fifo/groups" &
  guard_pid=$!
  set +m
  exec 9>"$fifo/groups"
  rm -rf "$fifo"
  guard_locks=()
  trap guard_end EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# Starts a command in its own group and leaves its process id in $job.
guard_run() {
  set -m
  (
    set +m # or a function's own commands would get groups that nobody knows
    "$@"
  ) 9>&- </dev/null &
  job=$!
  set +m
  echo "+$job" >&9
}

# Waits for a started command and gives its status. If it left nobody behind its number is forgotten, for the system may
# give it away again.
guard_wait() {
  local status=0
  wait "$1" 2>/dev/null || status=$?
  kill -0 -- "-$1" 2>/dev/null || echo "-$1" >&9
  return "$status"
}

# A lock is a symbolic link to a process id: ln is atomic everywhere, and the name shows whether its owner still lives.
guard_lock() {
  local owner told='' since=$SECONDS
  until ln -s "$$" "$1" 2>/dev/null; do
    [ -w "${1%/*}" ] || fail "${1%/*} can't be written: run  sudo chown -R $(id -un) ${1%/*}"
    owner=$(readlink "$1") || continue
    if ! kill -0 "$owner" 2>/dev/null; then
      rm -f "$1"
      continue
    fi
    if [ -z "$told" ] && [ $((SECONDS - since)) -ge 2 ]; then
      say "Waiting for process $owner, which works on the same (should it be something else: rm $1)"
      told=yes
    fi
    sleep 0.3
  done
  guard_locks+=("$1")
}

guard_unlock() {
  rm -f "$1"
}

guard_end() {
  local status=$? lock
  trap '' HUP INT TERM
  for lock in ${guard_locks[@]+"${guard_locks[@]}"}; do # empty arrays are unset to bash 3.2
    [ "$(readlink "$lock")" != "$$" ] || rm -f "$lock"
  done
  exec 9>&-
  wait "$guard_pid" 2>/dev/null || true
  [ -z "${guard_scratch-}" ] || rm -rf "$guard_scratch"
  exit "$status"
}

guard_watch() {
  local line groups=' ' group tries=0
  trap '' HUP INT TERM
  exec >/dev/null 2>&1
  while read -r line; do
    case $line in
      +*) groups="$groups${line#+} " ;;
      -*) groups=${groups/ ${line#-} / } ;;
    esac
  done <"$1"
  for group in $groups; do kill -TERM -- "-$group"; done
  for group in $groups; do
    while kill -0 -- "-$group" && [ "$tries" -lt 50 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    kill -KILL -- "-$group"
  done
}
