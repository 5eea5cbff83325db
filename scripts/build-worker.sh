#!/usr/bin/env bash
# Builds the Worker, after installing what that needs. wrangler calls it, see wrangler.toml.
#   scripts/build-worker.sh           what is deployed, in build/
#   scripts/build-worker.sh --hooks   with the test-only routes, in build-hooks/
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/scripts/lib/say.sh"
. "$root/scripts/lib/guard.sh"
. "$root/scripts/lib/step.sh"
. "$root/scripts/lib/tools.sh"
. "$root/scripts/lib/worker.sh"

case ${1-} in
  '') set -- build ;;
  --hooks) set -- build-hooks --features test-hooks ;;
  *) fail "usage: scripts/build-worker.sh [--hooks]" ;;
esac

guard_start
tools_setup
worker_build_into "$@" && exit

# wrangler dev answers no request at all after a build that failed. With an older build at hand it goes on with that.
[ "${WRANGLER_COMMAND-}" = dev ] && [ -f "$root/build/index.js" ] || exit 1
say "The Worker does not build: the one built before goes on"
