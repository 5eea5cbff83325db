# What the project needs before anything can be built. Installs what is missing and repeats nothing. Sourced, never run.
#
# Tools that Cargo builds are kept outside the tree, one folder a version, and appear there only when complete. A build that
# was cut keeps its target folder and goes on from there.

worker_build_version=0.8.7
wasm_target=wasm32-unknown-unknown
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hihichat/tools

# tools_setup: everything that is missing, side by side.
tools_setup() {
  export PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin WRANGLER_SEND_METRICS=false
  tools_need_rust
  tools_need_node
  guard_lock_in "$cache" setup
  tools_find_cli
  tools_install_target
  tools_install_npm
  tools_install_cli
  step_finish || fail "The set-up is not complete: mend what is said above and run the same command again, it goes on from here."
  guard_unlock "$cache/setup.lock"
  PATH=$root/node_modules/.bin:$PATH
  tools_need_new_node
  tools_export
}

guard_lock_in() {
  mkdir -p "$1"
  guard_lock "$1/$2.lock"
}

# --- what only the person can install -------------------------------------------------------------------------------------

tools_on_mac() { [ "$(uname -s)" = Darwin ]; }

tools_need_rust() {
  local wanted found
  command -v rustup >/dev/null ||
    fail "rustup is missing: run  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"
  found=$(rustc --version 2>/dev/null | awk '{ print $2 }') || true
  [ -n "$found" ] || fail "rustup has no toolchain yet: run  rustup default stable"
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
  tools_at_least "$found" "$wanted" || fail "Rust $wanted or later is needed, this is $found: run  rustup update stable"
}

tools_need_node() {
  local found mend='curl -fsSL https://deb.nodesource.com/setup_24.x | sudo bash - && sudo apt-get install -y nodejs'
  ! tools_on_mac || mend='brew install node'
  command -v node >/dev/null || fail "Node is missing: run  $mend"
  found=$(node --version)
  tools_at_least "${found#v}" 20 || fail "Node 20 or later is needed, this is $found: run  $mend"
  command -v npm >/dev/null || fail "npm is missing: run  $(tools_on_mac && echo "$mend" || echo 'sudo apt-get install -y npm')"
}

# wrangler wants a newer Node than many systems have; npm brings one for the systems that package.json names.
tools_need_new_node() {
  local found
  found=$(node --version)
  tools_at_least "${found#v}" 22.12 || fail "wrangler needs Node 22.12 or later, this is $found: run  npm install --global node@24"
}

# tools_at_least FOUND WANTED, compared as versions
tools_at_least() {
  awk -v found="$1" -v wanted="$2" 'BEGIN {
    split(found, f, "."); split(wanted, w, ".")
    for (i = 1; i <= 3; i++) if (f[i] + 0 != w[i] + 0) exit !(f[i] + 0 > w[i] + 0)
  }'
}

# Proc-macros want a linker, worker-build also OpenSSL's headers (on macOS it uses the system's TLS).
tools_need_compiler() {
  local missing=''
  if tools_on_mac; then
    command -v cc >/dev/null || fail "A C compiler is missing: run  xcode-select --install"
    return 0
  fi
  command -v cc >/dev/null || missing="$missing build-essential"
  if [ -z "$worker_build" ] && [ -z "${OPENSSL_DIR:-}" ]; then
    command -v pkg-config >/dev/null || missing="$missing pkg-config"
    pkg-config --exists openssl 2>/dev/null || missing="$missing libssl-dev"
  fi
  [ -z "$missing" ] || fail "Packages are missing that Cargo needs: run  sudo apt-get install -y$missing"
}

# --- what the set-up installs ---------------------------------------------------------------------------------------------

tools_install_npm() {
  local installed=$root/node_modules/.package-lock.json
  if [ -f "$installed" ]; then
    # wrangler is running from that folder when it asks for a build, so it is not replaced under it.
    [ -z "${WRANGLER_COMMAND:-}" ] && [ "$root/package-lock.json" -nt "$installed" ] || return 0
  fi
  step_begin npm "Installing the npm tools that package-lock.json names (about 15 seconds, 100 MB)" \
    npm ci --prefix "$root" --loglevel=error
}

tools_install_target() {
  [ ! -d "$(rustc --print target-libdir --target "$wasm_target" 2>/dev/null)" ] || return 0
  step_begin target "Adding Rust's $wasm_target target (a few seconds, 20 MB)" rustup target add "$wasm_target"
  step_finish || fail "rustup could not add a target, its words are above: run  rustup target add $wasm_target"
}

# Sets what there is: $worker_build, $wasm_bindgen, $downloads (worker-build's own).
tools_find_cli() {
  wasm_bindgen_version=$(tools_locked wasm-bindgen)
  worker_build=$(tools_cached worker-build "$worker_build_version")
  wasm_bindgen=$(tools_cached wasm-bindgen "$wasm_bindgen_version")
  downloads=''
  [ -n "$wasm_bindgen" ] || ! tools_can_download || downloads=yes
  tools_need_compiler
}

tools_install_cli() {
  [ -n "$worker_build" ] ||
    tools_cargo_install worker-build "$worker_build_version" '2 to 4 minutes' --locked
  # Not --locked: the lock file that wasm-bindgen-cli is published with names a version that is gone.
  [ -n "$wasm_bindgen$downloads" ] ||
    tools_cargo_install wasm-bindgen-cli "$wasm_bindgen_version" '2 to 4 minutes' --bin wasm-bindgen
  # The cores that those leave idle go on with what comes after them.
  [ -n "$worker_build" ] || step_begin worker "Compiling the Worker meanwhile" tools_compile_ahead
}

# What worker-build will ask of Cargo. What does not compile is told then.
tools_compile_ahead() {
  tools_forget_other_trees
  cd "$root" && WASM_BINDGEN_USE_JS_SYS=1 cargo build --lib --release --target "$wasm_target" || true
}

# Where trees share a target folder, as a fresh clone does with the tree it is tested for, Cargo takes what it made of one for
# what it would make of the other: it knows sources by name and age. The paths in it are the other's, which may be gone.
tools_forget_other_trees() {
  local made=${CARGO_TARGET_DIR:-$root/target}/$wasm_target/release/deps/hihichat.wasm
  [ "$(cat "$made.tree" 2>/dev/null)" != "$root" ] || return 0
  rm -f "$made"
  mkdir -p "${made%/*}" && printf '%s\n' "$root" >"$made.tree"
}

# tools_cargo_install CRATE VERSION TIME [FLAGS]: unoptimised, for that halves the time and they run for seconds.
tools_cargo_install() {
  local crate=$1 version=$2 time=$3
  shift 3
  step_begin "${crate%-cli}" "Building $crate $version with Cargo, once for all projects on this machine (about $time)" \
    tools_cargo_install_now "$crate" "$version" "$@"
}

tools_cargo_install_now() {
  local crate=$1 version=$2 final part
  final=$cache/${crate%-cli}-$version
  part=$cache/.building/${crate%-cli}-$version
  shift 2
  mkdir -p "$part"
  CARGO_TARGET_DIR=$part/target CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 \
    cargo install "$crate" --version "$version" --debug --force --no-track --root "$part/root" "$@" || return
  rm -rf "$final"
  mv "$part/root" "$final"
  rm -rf "$part"
}

# --- finding -----------------------------------------------------------------------------------------------------------------

# The version of a crate that Cargo.lock names.
tools_locked() {
  awk -v name="\"$1\"" '$1 == "name" { mine = $3 == name } mine && $1 == "version" { gsub(/"/, "", $3); print $3; exit }' \
    "$root/Cargo.lock"
}

tools_cached() {
  local tool=$cache/$1-$2/bin/$1
  [ ! -x "$tool" ] || printf '%s\n' "$tool"
}

# Whether worker-build can fetch wasm-bindgen from GitHub, or has it already. Where it can't it would try for half a minute
# and fail, so one short look comes first.
tools_can_download() {
  local machine kept
  for kept in "${XDG_CACHE_HOME:-$HOME/.cache}" "$HOME/Library/Caches"; do
    for kept in "$kept/worker-build/wasm-bindgen-"*"-$wasm_bindgen_version"; do
      [ -d "$kept" ] || continue
      ! { "$kept/wasm-bindgen" --version; } >/dev/null 2>&1 || return 0
      # A download that was cut leaves part of a file, which worker-build would trust.
      rm -rf "$kept"
    done
  done
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) machine=x86_64-unknown-linux-musl ;;
    Linux-aarch64) machine=aarch64-unknown-linux-musl ;;
    Darwin-x86_64) machine=x86_64-apple-darwin ;;
    Darwin-arm64) machine=aarch64-apple-darwin ;;
    *) return 1 ;;
  esac
  curl -fsIL --max-time 5 -o /dev/null \
    "https://github.com/wasm-bindgen/wasm-bindgen/releases/download/$wasm_bindgen_version/wasm-bindgen-$wasm_bindgen_version-$machine.tar.gz" \
    2>/dev/null
}

# What worker-build finds in its environment. esbuild always comes from npm, by the lock file and the mirror that is set.
tools_export() {
  worker_build=$cache/worker-build-$worker_build_version/bin/worker-build
  export ESBUILD_BIN=$root/node_modules/.bin/esbuild
  [ -z "$downloads" ] || return 0
  export WASM_BINDGEN_BIN=$cache/wasm-bindgen-$wasm_bindgen_version/bin/wasm-bindgen
}
