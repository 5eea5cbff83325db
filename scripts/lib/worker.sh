# Builds the Worker when its sources changed since the last time. Sourced after tools.sh, never run.

# worker_build_into FOLDER [FLAGS]   FOLDER is build (what is deployed) or build-hooks (with the routes of the live tests)
worker_build_into() {
  local folder=$1 stamp started=$SECONDS
  shift
  guard_lock_in "$root/.hihichat" "$folder"
  stamp=$(worker_stamp "$*")
  if [ -f "$root/$folder/index.js" ] && [ "$(cat "$root/$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then
    guard_unlock "$root/.hihichat/$folder.lock"
    return 0
  fi
  step_begin "$folder" "Building the Worker into $folder/ (2 minutes the first time, then about 15 seconds)" \
    worker_build_now "$folder" "$@"
  step_finish || { guard_unlock "$root/.hihichat/$folder.lock"; return 1; }
  printf '%s\n' "$stamp" >"$root/$folder/.stamp"
  guard_unlock "$root/.hihichat/$folder.lock"
  say "Built the Worker in $((SECONDS - started)) s"
}

worker_build_now() {
  tools_forget_other_trees
  # A compile error needs no backtrace of the tool that ran the compiler.
  cd "$root" && RUST_BACKTRACE=0 "$worker_build" --release --out-dir "$@" && worker_shrink "$1/index_bg.wasm"
}

# What counts is the size gzipped, and much of what makes WASM shorter makes it harder to compress: inlining copies code that
# stood once, the usual order of functions and memory parts what is alike. Only what is so small that a call of it is no shorter
# is inlined: the call would be dearer (ARCHITECTURE.md has the figures). --low-memory-unused: Rust's stack ends there, and no
# address is made of one so low.
worker_shrink() {
  local wasm=$1 class
  set -- --enable-bulk-memory --enable-exception-handling --enable-multivalue --enable-mutable-globals \
    --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext
  # Classes that the crates export whether or not anything makes one. What nothing makes, nothing calls.
  for class in containerstartupoptions intounderlyingbytesource intounderlyingsink intounderlyingsource minifyconfig r2range; do
    LC_ALL=C grep -q "__wbg_${class}_new" "$wasm" || set -- "$@" "--remove-exports=*$class*"
  done
  node_modules/.bin/wasm-opt "$wasm" -o "$wasm.small" "$@" -Oz --strip-producers --strip-target-features --low-memory-unused \
    --one-caller-inline-max-function-size=1 --skip-pass=local-cse --skip-pass=memory-packing &&
    node scripts/lib/order-functions.mjs "$wasm.small" "$wasm.named" &&
    node_modules/.bin/wasm-opt "$wasm.named" -o "$wasm" "$@" --reorder-functions-by-name &&
    rm "$wasm.small" "$wasm.named"
}

# Changes whenever the built Worker could: contents and names of the sources, the flags, the tools.
worker_stamp() {
  {
    printf '%s\n' "$*" "$worker_build_version"
    cd "$root" && find src build.rs scripts/lib/worker.sh scripts/lib/order-functions.mjs Cargo.toml Cargo.lock -type f \
      -exec cksum {} + | LC_ALL=C sort
  } | cksum
}
