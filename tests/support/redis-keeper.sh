# A redis-server that goes when whoever started this is gone:  sh redis-keeper.sh FOLDER
#
# It does what it reads, and cleans up when there is nothing more to read: a test that was killed can't. It ignores
# Ctrl-C, which ends its parent and so its input. Everything the server says goes out, and what was done.
#
# The server has no port but a socket in its folder. Data is written to the file before a client is answered, which is
# enough for kill -9; no test waits for a disk.
trap '' INT TERM HUP
folder=$1
while read -r word; do
  case $word in
    start)
      redis-server --port 0 --unixsocket "$folder/redis.sock" --dir "$folder" \
        --logfile '' --save '' --appendonly yes --appendfsync no 2>&1 &
      ;;
    stop) kill -TERM $!; wait $! 2>/dev/null; echo stopped ;;
    kill) kill -KILL $!; wait $! 2>/dev/null; echo killed ;;
  esac
done
kill -KILL $! 2>/dev/null
wait
rm -rf "$folder"
