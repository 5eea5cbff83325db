//! Those in `contestants/`: objects in workerd, servers in Node.

use super::{Kept, Running};
use crate::server;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// A server of one process and its folder, both gone when this is dropped; `scripts/bench` sees to the rest.
pub struct Process {
    child: Child,
    folder: PathBuf,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The minimal object, writing rows or not.
pub fn workerd(writes: bool) -> Running {
    let folder = folder();
    fs::create_dir(folder.join("data")).unwrap();
    fs::copy(contestants().join("object.mjs"), folder.join("object.mjs")).unwrap();
    let (data, date) = (folder.join("data"), server::compatibility_date());
    let writes = if writes { "yes" } else { "no" };
    let config = format!(
        r#"using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "disk", disk = (path = {data:?}, writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "object.mjs", esModule = embed "object.mjs")],
  compatibilityDate = {date},
  durableObjectNamespaces = [(className = "Room", uniqueKey = "room", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [(name = "ROOM", durableObjectNamespace = "Room"), (name = "ROWS", text = {writes:?})],
);
"#
    );
    fs::write(folder.join("config.capnp"), config).unwrap();
    let mut command = Command::new("sh");
    // Its port comes by the control channel.
    command.args(["-c", r#"exec "$0" serve --control-fd=3 "$1" 3>&1 >&2"#]);
    command.arg(server::workerd()).arg(folder.join("config.capnp"));
    run(command, folder)
}

/// A server in Node; with what it has for lost connections, if they will be.
pub fn node(file: &str, recovers: bool) -> Running {
    let mut command = Command::new("node");
    command.arg(contestants().join(file)).env("NODE_ENV", "production");
    command.env("RECOVERY", if recovers { "yes" } else { "no" });
    run(command, folder())
}

fn contestants() -> PathBuf {
    server::root().join("bench/contestants")
}

fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("hihichat-bench-{}-{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The first thing it prints is `{"port": …}`.
fn run(mut command: Command, folder: PathBuf) -> Running {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let process = Process { child, folder };
    let report: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{command:?}: {error} in {line:?}"));
    let port = report["port"].as_u64().unwrap().try_into().unwrap();
    Running::new(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), Kept::Other { _process: process })
}
