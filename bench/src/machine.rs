//! What it ran on, in words that name nobody: the kind of machine, the versions, the day.

use crate::server;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

/// Cores, processor and system.
pub fn kind() -> String {
    let told = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("model name")).collect();
    // Without that file nothing is pinned, so this process may use them all.
    let cores = std::thread::available_parallelism().map_or(1, Into::into).max(models.len());
    let model = models.first().map_or(std::env::consts::ARCH, |rest| rest.trim_start_matches([' ', '\t', ':']));
    format!("{cores} cores, {model}, {}", std::env::consts::OS)
}

/// Of what the contestants run on.
pub fn versions() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut put = |name: &str, version: Option<String>| {
        all.insert(name.to_owned(), version.unwrap_or_else(|| "unknown".to_owned()));
    };
    let root = server::root();
    put("hihichat", said(Command::new("git").arg("-C").arg(root).args(["rev-parse", "--short", "HEAD"])));
    put("workerd", packaged("node_modules/workerd"));
    put("node", said(Command::new("node").arg("--version")));
    put("socket.io", packaged("bench/contestants/node_modules/socket.io"));
    put("ws", packaged("bench/contestants/node_modules/ws"));
    all
}

/// The day, UTC.
pub fn date() -> String {
    said(Command::new("date").args(["-u", "+%Y-%m-%d"])).unwrap_or_default()
}

fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn packaged(folder: &str) -> Option<String> {
    let text = fs::read_to_string(server::root().join(folder).join("package.json")).ok()?;
    let package: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some(package["version"].as_str()?.to_owned())
}
