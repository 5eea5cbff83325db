//! Accounts: everybody is who they say. Registering, logging in and out, passwords, admins.

mod admins;
mod deleting;
mod passwords;
mod reads;
mod registering;
pub mod sessions;
mod settings;

use crate::client::{guest_at, stranger_at, Client};
use crate::redis::Redis;
use crate::server::{Build, Server};
use base64::prelude::{Engine, BASE64_STANDARD};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::Arc;

/// What signs sessions where a test makes tokens of its own.
pub const KEY: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
const SETUP_TOKEN: &str = "the deployer's own words";

/// Somebody with an account.
pub struct Account {
    pub client: Client,
    pub name: String,
    pub recovery_code: String,
}

/// A name that no other test uses, far enough from all others not to look like one.
pub fn new_person(called: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(100);
    format!("{called} {}", COUNT.fetch_add(1, Relaxed))
}

/// What stands for the key of a password here: deriving it is the browser's work, and the Worker can't tell.
pub fn key(password: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(password))
}

fn salt() -> String {
    BASE64_STANDARD.encode([7; 16])
}

/// The body that registers a name.
pub fn registration(name: &str, password: &str) -> Value {
    json!({ "username": name, "salt": salt(), "rounds": 600_000, "key": key(password) })
}

/// Registers, as whoever the client is now.
#[track_caller]
pub fn register_as(client: &Client, name: &str) -> Account {
    let answer = client.post("/api/accounts", &registration(name, "first"));
    let registered = answer.expect(201);
    let recovery_code = registered["recovery_code"].as_str().unwrap().to_owned();
    let client = Client { cookie: Some(answer.cookie()), person: registered, ..client.clone() };
    Account { client, name: name.to_owned(), recovery_code }
}

/// A new account, whose password is "first".
#[track_caller]
pub fn account_at(server: &Arc<Server>, called: &str) -> Account {
    register_as(&stranger_at(server), &new_person(called))
}

fn account(called: &str) -> Account {
    account_at(&crate::server::shared(), called)
}

impl Account {
    /// Another session of the same account.
    #[track_caller]
    pub fn log_in(&self, password: &str) -> Client {
        let stranger = stranger_at(&self.client.server);
        let answer = stranger.post("/api/session", &json!({ "username": self.name, "key": key(password) }));
        let person = answer.expect(200);
        Client { cookie: Some(answer.cookie()), person, ..stranger }
    }

    #[track_caller]
    fn cannot_log_in(&self, password: &str) {
        let stranger = stranger_at(&self.client.server);
        let answer = stranger.post("/api/session", &json!({ "username": self.name, "key": key(password) }));
        answer.expect_refusal(401, "wrong_login");
    }
}

/// A server with an admin called Root, and the admin.
pub fn with_admin(settings: &[(&str, &str)]) -> (Arc<Server>, Client) {
    let mut all = vec![("ADMINS", "Root"), ("ADMIN_SETUP_TOKEN", SETUP_TOKEN), ("SESSION_KEY", KEY)];
    all.extend(settings);
    let server = Server::start(Build::Deployed, &all);
    (Arc::clone(&server), admin_of(&server))
}

/// The same on this Redis.
pub fn with_admin_on(redis: &Arc<Redis>) -> (Arc<Server>, Client) {
    let settings = [("ADMINS", "Root"), ("ADMIN_SETUP_TOKEN", SETUP_TOKEN), ("SESSION_KEY", KEY)];
    let server = Server::start_on(redis, Build::Deployed, &settings);
    (Arc::clone(&server), admin_of(&server))
}

fn admin_of(server: &Arc<Server>) -> Client {
    let mut body = registration("Root", "first");
    body["setup_token"] = json!(SETUP_TOKEN);
    let stranger = stranger_at(server);
    let answer = stranger.post("/api/accounts", &body);
    let person = answer.expect(201);
    Client { cookie: Some(answer.cookie()), person, ..stranger }
}

/// A guest on the server of somebody.
fn guest_beside(client: &Client, name: &str) -> Client {
    guest_at(&client.server, name)
}
