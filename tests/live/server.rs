//! A workerd with its own port and data, gone when the test process is, however that ends.

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

/// Does what it reads, and cleans up when there is nothing more to read: cargo test drops no statics and may be killed.
/// It ignores Ctrl-C, which ends its parent and so its input.
const KEEPER: &str = r#"
trap '' INT TERM HUP
folder=$1; shift
while read -r word; do
  case $word in
    start) "$@" 3>&1 >>"$folder/log" 2>&1 & ;;
    kill) kill -9 $!; wait $! 2>/dev/null; echo killed ;;
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
        let server = Self { folder, port: AtomicU16::new(0), keeper, redis };
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

/// The settings and, if there is one, where Redis is.
fn with(redis: Option<&Redis>, settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if let Some(redis) = redis {
        all.push(("UPSTASH_REDIS_REST_URL".to_owned(), redis.url().to_owned()));
        all.push(("UPSTASH_REDIS_REST_TOKEN".to_owned(), redis.token().to_owned()));
        if !all.iter().any(|(name, _)| name == "ARCHIVE_SECONDS") {
            all.push(("ARCHIVE_SECONDS".to_owned(), "1".to_owned()));
        }
    }
    all
}

fn config(folder: &Path, settings: &[(String, String)]) -> String {
    let settings: String =
        settings.iter().map(|(name, value)| format!("(name = {name:?}, text = {value:?}), ")).collect();
    let wrangler = include_str!("../../wrangler.toml");
    let date = wrangler.lines().find_map(|line| line.strip_prefix("compatibility_date = ")).unwrap();
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

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// npm installs the one for this machine.
fn workerd() -> PathBuf {
    let packages = fs::read_dir(root().join("node_modules/@cloudflare")).expect("`npm ci` installs workerd");
    let binary = |entry: fs::DirEntry| entry.path().join("bin/workerd");
    packages.map_while(Result::ok).map(binary).find(|path| path.is_file()).expect("`npm ci` installs workerd")
}
