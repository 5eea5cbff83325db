# Words to the person at the terminal. Sourced, never run.

say() { printf '%s\n' "$*"; }

# One sentence that says what is wrong and the command that mends it, then the end.
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}
