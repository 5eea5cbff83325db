# What others wrote and we run: its licences, where it comes from, what is there twice, and whether somebody has warned of it.
# Sourced after step.sh and tools.sh, never run.

cargo_deny_version=0.20.2

audit_setup() {
  cargo_deny=$(tools_cached cargo-deny "$cargo_deny_version")
  [ -n "$cargo_deny" ] || {
    tools_cargo_install cargo-deny "$cargo_deny_version" '1 to 3 minutes' --locked
    step_finish || return 1
    cargo_deny=$(tools_cached cargo-deny "$cargo_deny_version")
  }
}

# audit: each part is told; the last line counts them. A warning list that can't be asked is neither passed nor failed.
audit() {
  audit_passed=0 audit_failed=0 audit_unasked=0
  for part in licenses bans sources; do
    audit_part "crates: $part" audit_crates "$part"
  done
  if curl -fsIL --max-time 10 -o /dev/null "$advisories"; then
    audit_part "crates: advisories" audit_crates advisories
  else
    audit_not_asked "crates: advisories" "$advisories can't be reached from here"
  fi
  audit_npm
  printf '%s audits passed, %s failed, %s could not be asked\n' "$audit_passed" "$audit_failed" "$audit_unasked"
  [ "$audit_failed" -eq 0 ]
}

advisories=https://github.com/RustSec/advisory-db

audit_crates() { "$cargo_deny" --workspace --log-level warn check --hide-inclusion-graph "$1"; }

# npm ends with the same status when it finds something and when nobody answers: only a report is an answer.
audit_npm() {
  local report=$logs/npm-audit.json
  # Those tools run on the developer's own machine, on the developer's own input: what is less than high waits for an update.
  if npm audit --json --audit-level=high --fetch-retries=0 --fetch-timeout=20000 --prefix "$root" >"$report" 2>/dev/null; then
    audit_part "npm: advisories" grep -q '"auditReportVersion"' "$report"
  elif grep -q '"auditReportVersion"' "$report"; then
    audit_part "npm: advisories" eval 'npm audit --audit-level=high --prefix "$root"; false'
  else
    audit_not_asked "npm: advisories" "the registry in use answers no audit"
  fi
}

audit_part() {
  local told=$1
  shift
  if "$@"; then
    audit_passed=$((audit_passed + 1))
    say "$told: passed"
  else
    audit_failed=$((audit_failed + 1))
    say "$told: FAILED"
  fi
}

audit_not_asked() {
  audit_unasked=$((audit_unasked + 1))
  say "$1: NOT ASKED, $2"
}
