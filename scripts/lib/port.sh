# Ports of this machine, by bash's own sockets: nothing has to be installed yet to ask. Sourced, never run.

port_busy() { (exec 8<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first free port from the given one on.
port_free() {
  local port=$1
  while port_busy "$port"; do port=$((port + 1)); done
  echo "$port"
}

# Whether the pages are served there by now. wrangler's own front answers first, with errors.
port_answers() {
  local line=''
  line=$( (exec 8<>"/dev/tcp/127.0.0.1/$1" && printf 'GET / HTTP/1.0\r\n\r\n' >&8 && read -r -t 5 line <&8 && echo "$line") 2>/dev/null)
  case $line in HTTP/1.?\ [234]*) ;; *) return 1 ;; esac
}

# port_wait PORT PROCESS: until it answers; not if the process ends or 5 minutes pass, which may hold a first build.
port_wait() {
  local until=$((SECONDS + 300))
  until port_answers "$1"; do
    kill -0 "$2" 2>/dev/null && [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.1
  done
}
