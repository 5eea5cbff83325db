# Ports of this machine, by bash's own sockets: nothing has to be installed yet to ask. Sourced, never run.

port_busy() { (exec 8<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first free port from the given one on.
port_free() {
  local port=$1
  while port_busy "$port"; do port=$((port + 1)); done
  echo "$port"
}

# Whether something there speaks HTTP by now.
port_answers() {
  (exec 8<>"/dev/tcp/127.0.0.1/$1" && printf 'GET / HTTP/1.0\r\n\r\n' >&8 && read -r -t 5 _ <&8) 2>/dev/null
}
