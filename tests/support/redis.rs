//! A redis-server with a folder of its own and the gateway in front of it, gone when the test process is, however that
//! ends. For the tests that run on hosted Redis: `#[path = "../support/redis.rs"] mod redis;`
//!
//! The server listens on a socket in its folder and has no port, so that no other can take it while it is away. The
//! gateway's port stays the same from beginning to end.

#![allow(dead_code, reason = "each test program uses a part of it")]

use serde_json::{json, Value};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{channel, Receiver};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

/// What the gateway wants to be shown.
pub const TOKEN: &str = "a-token-of-the-tests";

/// How long to wait for what should come at once. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// One redis-server and its gateway.
pub struct Redis {
    folder: PathBuf,
    keeper: Mutex<Keeper>,
    gateway: Child,
    url: String,
}

struct Keeper {
    shell: Child,
    /// Taken when it shall end.
    orders: Option<ChildStdin>,
    /// What the server logs, and what the shell did.
    reports: Receiver<String>,
}

impl Redis {
    /// Starts both, empty, and waits until they answer.
    #[track_caller]
    pub fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("hihichat-redis-{}-{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let keeper = Keeper::start(&folder);
        keeper.start_server();
        let (gateway, url) = start_gateway(&folder);
        Self { folder, keeper: Mutex::new(keeper), gateway, url }
    }

    /// What `UPSTASH_REDIS_REST_URL` shall be.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What `UPSTASH_REDIS_REST_TOKEN` shall be.
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// The server's socket, for `redis-cli -s`.
    pub fn socket(&self) -> PathBuf {
        socket(&self.folder)
    }

    /// Runs one command, `json!(["GET", "key"])`, and gives its result. No fault strikes it and it is not counted.
    #[track_caller]
    pub fn command(&self, command: Value) -> Value {
        self.try_command(&command).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// The same, when the command may fail; the error is the text of Redis or of the gateway.
    #[track_caller]
    pub fn try_command(&self, command: &Value) -> Result<Value, String> {
        let answer = self.ask("/", Some(command));
        match answer.get("error") {
            Some(error) => Err(error.as_str().unwrap().to_owned()),
            None => Ok(answer["result"].clone()),
        }
    }

    /// Switches a fault on, `json!({"status": 500, "times": 2})`, or off with `json!({})`; all are in
    /// `gateway/src/faults.rs`.
    #[track_caller]
    pub fn faults(&self, fault: Value) {
        let answer = self.ask("/faults", Some(&fault));
        assert_eq!(answer.get("error"), None);
    }

    /// The fault that is on, with what is left of its `times`.
    #[track_caller]
    pub fn fault(&self) -> Value {
        self.ask("/faults", None)
    }

    /// `{"requests": n, "commands": n, "by_name": {"SET": n, …}}` since the start or the last reset.
    #[track_caller]
    pub fn counts(&self) -> Value {
        self.ask("/counts", None)
    }

    /// Counts from zero, and gives what was counted until now.
    #[track_caller]
    pub fn reset_counts(&self) -> Value {
        self.ask("/counts", Some(&json!({})))
    }

    /// Commands by name since the server's start as the server counts them, those inside scripts too, which is how Upstash
    /// bills them; without those of whoever asks this.
    #[track_caller]
    pub fn billed(&self) -> Vec<(String, i64)> {
        let info = self.command(json!(["INFO", "commandstats"]));
        let lines = info.as_str().unwrap().lines().filter_map(|line| {
            let (name, figures) = line.strip_prefix("cmdstat_")?.split_once(":calls=")?;
            Some((name.to_owned(), figures.split(',').next()?.parse().ok()?))
        });
        lines.filter(|(name, _)| !matches!(name.as_str(), "info" | "client|setinfo" | "ping")).collect()
    }

    /// Ends the server as its operator would. The gateway stays and answers 503.
    #[track_caller]
    pub fn stop(&self) {
        self.keeper.lock().unwrap().order("stop", "stopped");
    }

    /// `kill -9`.
    #[track_caller]
    pub fn kill(&self) {
        self.keeper.lock().unwrap().order("kill", "killed");
    }

    /// Starts the server on the data that is there: all that it has ever acknowledged.
    #[track_caller]
    pub fn start_again(&self) {
        self.keeper.lock().unwrap().start_server();
    }

    /// POST with a body, GET without; every answer is JSON.
    #[track_caller]
    fn ask(&self, path: &str, body: Option<&Value>) -> Value {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
        let agent = config.build().new_agent();
        let (url, bearer) = (format!("{}{path}", self.url), format!("Bearer {TOKEN}"));
        let answer = match body {
            Some(body) => {
                agent.post(url).header("authorization", bearer).header("gateway-aside", "yes").send(body.to_string())
            }
            None => agent.get(url).header("authorization", bearer).call(),
        };
        let text = answer.unwrap().into_body().read_to_string().unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Both end with their input.
        drop(self.gateway.stdin.take());
        let _ = self.gateway.wait();
        if let Ok(keeper) = self.keeper.get_mut() {
            drop(keeper.orders.take());
            let _ = keeper.shell.wait();
        }
    }
}

impl Keeper {
    fn start(folder: &Path) -> Self {
        let mut shell = Command::new("sh")
            .args(["-c", include_str!("redis-keeper.sh"), "keeper"])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, reports) = channel();
        let lines = BufReader::new(shell.stdout.take().unwrap()).lines();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { orders: shell.stdin.take(), shell, reports }
    }

    #[track_caller]
    fn start_server(&self) {
        self.order("start", "eady to accept connections");
    }

    /// Gives an order and waits for the line that says it is done.
    #[track_caller]
    fn order(&self, word: &str, done: &str) {
        writeln!(self.orders.as_ref().unwrap(), "{word}").unwrap();
        let mut heard = String::new();
        loop {
            let line = self.reports.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                panic!("redis-server does not {word} (scripts/test installs it):\n{heard}");
            });
            if line.contains(done) {
                return;
            }
            heard = heard + &line + "\n";
        }
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("redis.sock")
}

fn start_gateway(folder: &Path) -> (Child, String) {
    let binary = gateway_binary();
    let mut gateway = Command::new(&binary)
        .arg("--redis")
        .arg(format!("redis+unix://{}", socket(folder).display()))
        .args(["--port", "0", "--token", TOKEN, "--until-stdin-closes"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}. `cargo build -p hihichat-gateway` builds it", binary.display()));
    let mut line = String::new();
    BufReader::new(gateway.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("gateway ").expect("the gateway says where it listens").to_owned();
    (gateway, url)
}

/// `HIHICHAT_GATEWAY`, or what Cargo built beside this test program.
fn gateway_binary() -> PathBuf {
    if let Some(path) = std::env::var_os("HIHICHAT_GATEWAY") {
        return path.into();
    }
    let program = std::env::current_exe().unwrap();
    let built = program.parent().and_then(Path::parent).unwrap();
    built.join("hihichat-gateway")
}
