//! A workerd with its own port and data, gone when the test process is, however that ends. `chaos/` and
//! `bench/` use it too.

#![allow(dead_code, reason = "each program uses a part of it")]

use crate::redis::Redis;
use crate::PATIENCE;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{channel, Receiver};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

/// Does what it reads, and cleans up when there is nothing more to read: cargo test drops no statics and may be killed.
/// It ignores Ctrl-C, which ends its parent and so its input.
const KEEPER: &str = r#"
trap '' INT TERM HUP
folder=$1; shift
while read -r word; do
  case $word in
    start) "$@" 3>&1 >>"$folder/log" 2>&1 & ;;
    kill) kill -9 $!; wait $! 2>/dev/null; echo killed ;;
    stop) kill $!; sleep 1; kill -9 $!; wait $! 2>/dev/null; echo stopped ;;
  esac
done
kill -9 $! 2>/dev/null
rm -rf "$folder"
"#;

/// Which of the two builds a server runs.
#[derive(Clone, Copy)]
pub enum Build {
    /// What is deployed.
    Deployed,
    /// The same with the routes of `src/room/object/hooks.rs`.
    WithHooks,
}

impl Build {
    pub fn folder(self) -> PathBuf {
        root().join(match self {
            Self::Deployed => "build",
            Self::WithHooks => "build-hooks",
        })
    }
}

/// One workerd.
pub struct Server {
    folder: PathBuf,
    port: AtomicU16,
    keeper: Mutex<Keeper>,
    /// How many requests tests have made of it.
    pub asked: AtomicU32,
    /// The hosted Redis of this deployment, if it has one.
    redis: Option<Arc<Redis>>,
}

struct Keeper {
    orders: ChildStdin,
    reports: Receiver<String>,
}

/// The server of all tests that break nothing.
pub fn shared() -> Arc<Server> {
    static SHARED: LazyLock<Arc<Server>> =
        LazyLock::new(|| Server::start(Build::Deployed, &[("ALLOWED_ORIGINS", "https://friend.example")]));
    Arc::clone(&SHARED)
}

impl Server {
    /// Starts a server with these settings, on the back end that the run is about.
    #[track_caller]
    pub fn start(build: Build, settings: &[(&str, &str)]) -> Arc<Self> {
        match std::env::var("HIHICHAT_BACKEND").as_deref() {
            Ok("redis") => Self::start_on(&Arc::new(Redis::start()), build, settings),
            _ => Self::start_with(None, build, settings),
        }
    }

    /// Starts a server without Redis, but for what the settings say.
    #[track_caller]
    pub fn start_embedded(build: Build, settings: &[(&str, &str)]) -> Arc<Self> {
        Self::start_with(None, build, settings)
    }

    /// Starts a server on this Redis.
    #[track_caller]
    pub fn start_on(redis: &Arc<Redis>, build: Build, settings: &[(&str, &str)]) -> Arc<Self> {
        Self::start_with(Some(Arc::clone(redis)), build, settings)
    }

    #[track_caller]
    fn start_with(redis: Option<Arc<Redis>>, build: Build, settings: &[(&str, &str)]) -> Arc<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("hihichat-live-{}-{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(folder.join("data")).unwrap();
        for file in ["index.js", "index_bg.wasm"] {
            // A copy: a build that goes on beside the tests changes nothing.
            let built = build.folder().join(file);
            fs::copy(&built, folder.join(file))
                .unwrap_or_else(|error| panic!("{}: {error}. `scripts/test live` builds it", built.display()));
        }
        fs::write(folder.join("config.capnp"), config(&folder, &with(redis.as_deref(), settings))).unwrap();
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&folder)
            .arg(workerd())
            .args(["serve", "--control-fd=3"])
            .arg(folder.join("config.capnp"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, reports) = channel();
        let lines = BufReader::new(keeper.stdout.take().unwrap()).lines();
        let orders = keeper.stdin.take().unwrap();
        thread::spawn(move || {
            let _ = lines.map_while(Result::ok).try_for_each(|line| sender.send(line));
            keeper.wait()
        });
        let keeper = Mutex::new(Keeper { orders, reports });
        let server = Self { folder, port: AtomicU16::new(0), keeper, asked: AtomicU32::new(0), redis };
        server.start_again();
        Arc::new(server)
    }

    /// Starts it on the data that is there, and waits until it listens.
    #[track_caller]
    pub fn start_again(&self) {
        let report = self.order("start");
        let report: Value = serde_json::from_str(&report).unwrap();
        self.port.store(report["port"].as_u64().unwrap().try_into().unwrap(), Relaxed);
    }

    /// Starts it on the data that is there, with other settings: with Redis, or without.
    #[track_caller]
    pub fn start_again_with(&self, redis: Option<&Redis>, settings: &[(&str, &str)]) {
        fs::write(self.folder.join("config.capnp"), config(&self.folder, &with(redis, settings))).unwrap();
        self.start_again();
    }

    /// Whether this deployment has a Redis.
    pub fn has_redis(&self) -> bool {
        self.redis.is_some()
    }

    /// The Redis of this deployment.
    #[track_caller]
    pub fn redis(&self) -> &Redis {
        self.redis.as_deref().expect("started on a Redis")
    }

    /// The same, for another deployment.
    #[track_caller]
    pub fn redis_arc(&self) -> Arc<Redis> {
        Arc::clone(self.redis.as_ref().expect("started on a Redis"))
    }

    /// `kill -9`.
    #[track_caller]
    pub fn kill(&self) {
        assert_eq!(self.order("kill"), "killed");
    }

    /// Ends it as a deploy does: no one new is let in, and a second later every socket goes at once. Left alone it would
    /// wait for the sockets.
    #[track_caller]
    pub fn stop(&self) {
        assert_eq!(self.order("stop"), "stopped");
    }

    /// While it doesn't run: a statement in the database of every room that is there.
    #[track_caller]
    pub fn in_rooms(&self, statement: &str) {
        let files = fs::read_dir(self.folder.join("data/room")).unwrap().map(|entry| entry.unwrap().path());
        // Beside the rooms', each named by its id, lies one of the runtime's own.
        let is_room = |file: &PathBuf| {
            file.extension().is_some_and(|kind| kind == "sqlite") && !file.ends_with("metadata.sqlite")
        };
        for file in files.filter(is_room) {
            rusqlite::Connection::open(file).unwrap().execute_batch(statement).unwrap();
        }
    }

    #[track_caller]
    fn order(&self, word: &str) -> String {
        let mut keeper = self.keeper.lock().unwrap();
        writeln!(keeper.orders, "{word}").unwrap();
        keeper.reports.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("workerd does not {word}:\n{}", self.log()))
    }

    /// Host and port.
    pub fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port.load(Relaxed))
    }

    /// Scheme, host and port, as browsers write it in `Origin`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.authority())
    }

    /// How much memory it holds: of the processes with its folder among their words, the largest.
    #[track_caller]
    pub fn kibibytes(&self) -> u64 {
        let ps = Command::new("ps").args(["-A", "-o", "rss=,args="]).output().unwrap();
        let lines = String::from_utf8_lossy(&ps.stdout).into_owned();
        let ours = lines.lines().filter(|line| line.contains(self.folder.to_str().unwrap()));
        let sizes = ours.filter_map(|line| line.split_whitespace().next()?.parse().ok());
        sizes.max().expect("it runs")
    }

    /// How long its threads have run, as the scheduler of Linux counts it.
    #[track_caller]
    pub fn cpu(&self) -> Duration {
        let ps = Command::new("ps").args(["-A", "-o", "pid=,args="]).output().unwrap();
        let lines = String::from_utf8_lossy(&ps.stdout).into_owned();
        let started = format!("serve --control-fd=3 {}", self.folder.display());
        let ours = lines.lines().find(|line| line.contains(&started) && !line.contains("keeper")).expect("it runs");
        let threads = format!("/proc/{}/task", ours.split_whitespace().next().unwrap());
        let ran = |thread: fs::DirEntry| {
            let figures = fs::read_to_string(thread.path().join("schedstat")).ok()?;
            figures.split(' ').next()?.parse::<u64>().ok()
        };
        Duration::from_nanos(fs::read_dir(threads).expect("Linux").filter_map(|thread| ran(thread.ok()?)).sum())
    }

    /// What it printed so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("The server said:\n{}", self.log());
        }
    }
}

/// The settings and, if there is one, where Redis is. Tests say more in a second than people do.
fn with(redis: Option<&Redis>, settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if !all.iter().any(|(name, _)| name == "MESSAGES_PER_MINUTE") {
        all.push(("MESSAGES_PER_MINUTE".to_owned(), "60000".to_owned()));
    }
    if let Some(redis) = redis {
        all.push(("UPSTASH_REDIS_REST_URL".to_owned(), redis.url().to_owned()));
        all.push(("UPSTASH_REDIS_REST_TOKEN".to_owned(), redis.token().to_owned()));
        if !all.iter().any(|(name, _)| name == "ARCHIVE_SECONDS") {
            all.push(("ARCHIVE_SECONDS".to_owned(), "1".to_owned()));
        }
    }
    all
}

/// The runtime's behaviour that the Worker was written for, in quotes.
pub fn compatibility_date() -> &'static str {
    include_str!("../../wrangler.toml").lines().find_map(|line| line.strip_prefix("compatibility_date = ")).unwrap()
}

fn config(folder: &Path, settings: &[(String, String)]) -> String {
    let settings: String =
        settings.iter().map(|(name, value)| format!("(name = {name:?}, text = {value:?}), ")).collect();
    let date = compatibility_date();
    let data = folder.join("data");
    format!(
        r#"using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = {data:?}, writable = true)),
    # As far as Redis on this machine.
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "index.js"),
    (name = "index_bg.wasm", wasm = embed "index_bg.wasm"),
  ],
  compatibilityDate = {date},
  durableObjectNamespaces = [
    (className = "Room", uniqueKey = "room", enableSql = true),
    (className = "Directory", uniqueKey = "directory", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    {settings}
    (name = "ROOM", durableObjectNamespace = "Room"),
    (name = "DIRECTORY", durableObjectNamespace = "Directory"),
  ],
);
"#
    )
}

/// The folder of the whole project, whichever package of it this is part of.
pub fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().find(|folder| folder.join("wrangler.toml").is_file()).unwrap_or(package)
}

/// npm installs the one for this machine.
pub fn workerd() -> PathBuf {
    let packages = fs::read_dir(root().join("node_modules/@cloudflare")).expect("`npm ci` installs workerd");
    let binary = |entry: fs::DirEntry| entry.path().join("bin/workerd");
    packages.map_while(Result::ok).map(binary).find(|path| path.is_file()).expect("`npm ci` installs workerd")
}
