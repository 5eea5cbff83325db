# The browser of the browser tests: Debian's Chromium, or what a Mac has. Sourced after step.sh, never run.

# Exports CHROMIUM, which playwright.config.mjs starts, unless it is set. Debian's headless shell is the same engine for
# two thirds of the CPU, so it is installed beside a whole Chromium too, where apt offers it and asks for no password.
chromium_setup() {
  [ -z "${CHROMIUM-}" ] || return 0
  chromium_find chromium-headless-shell && return 0
  if chromium_may_install && { chromium_shell_is_offered || ! chromium_find_any; }; then
    step_begin chromium "Installing Chromium's headless shell and Chinese fonts by apt (about 2 minutes, 200 MB)" chromium_install
    step_finish || true
  fi
  chromium_find chromium-headless-shell || chromium_find_any ||
    say "The browser tests need Chromium, which is missing and could not be installed: run  $chromium_mend"
}

chromium_mend='sudo apt-get install -y chromium fonts-noto-cjk'
[ "$(uname -s)" != Darwin ] || chromium_mend='brew install --cask chromium'

chromium_find_any() {
  chromium_find chromium chromium-browser google-chrome \
    '/Applications/Chromium.app/Contents/MacOS/Chromium' \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
}

# The first of these that there is.
chromium_find() {
  local candidate
  for candidate in "$@"; do
    CHROMIUM=$(command -v "$candidate") || continue
    export CHROMIUM
    return 0
  done
  return 1
}

# sudo -n: a question for a password could not be seen here.
chromium_may_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }
}

chromium_shell_is_offered() { apt-cache show chromium-headless-shell >/dev/null 2>&1; }

chromium_install() {
  local sudo='' package=chromium
  [ "$(id -u)" -eq 0 ] || sudo='sudo -n'
  $sudo apt-get update || return 1
  ! chromium_shell_is_offered || package=chromium-headless-shell
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$package" fonts-noto-cjk
}
