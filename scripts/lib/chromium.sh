# The browser of the browser tests: Debian's Chromium, or what a Mac has. Sourced after step.sh, never run.

# Exports CHROMIUM, which playwright.config.mjs starts.
chromium_setup() {
  chromium_find && return 0
  if command -v apt-get >/dev/null; then
    step_begin chromium "Installing Chromium and Chinese fonts by apt (about 2 minutes, 200 MB)" chromium_install
    step_finish || true
  fi
  chromium_find || say "The browser tests need Chromium, which is missing and could not be installed: run  $chromium_mend"
}

chromium_mend='sudo apt-get install -y chromium fonts-noto-cjk'
[ "$(uname -s)" != Darwin ] || chromium_mend='brew install --cask chromium'

chromium_find() {
  local candidate
  for candidate in chromium chromium-browser google-chrome \
    '/Applications/Chromium.app/Contents/MacOS/Chromium' \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do
    CHROMIUM=$(command -v "$candidate") || continue
    export CHROMIUM
    return 0
  done
  return 1
}

chromium_install() {
  local sudo=''
  # sudo -n: a question for a password could not be seen here.
  [ "$(id -u)" -eq 0 ] || sudo='sudo -n'
  $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-noto-cjk
}
