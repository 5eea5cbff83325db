//! This Worker, and who enters it.

use super::{Kept, Running};
use crate::driver::Guest;
use crate::redis::Redis;
use crate::server::{Build, Server};
use percent_encoding::{utf8_percent_encode, NON_ALPHANUMERIC};
use serde_json::{json, Value};
use std::sync::Arc;

/// How far away hosted Redis is: as far as another data centre of the same town.
const REDIS_MILLIS: u64 = 5;

/// As it is deployed, every setting as README has it.
pub fn start(redis: Option<Arc<Redis>>) -> Running {
    // What the tests set otherwise.
    let settings = [("MESSAGES_PER_MINUTE", "120"), ("ARCHIVE_SECONDS", "30")];
    let server = match redis {
        Some(redis) => {
            let server = Server::start_on(&redis, Build::Deployed, &settings);
            redis.faults(json!({ "delay_ms": REDIS_MILLIS }));
            server
        }
        None => Server::start_embedded(Build::Deployed, &settings),
    };
    Running::new(server.authority().parse().unwrap(), Kept::Ours(server))
}

/// Guests enter, each from an address of their own as people do, and become members; the first of each room makes it.
pub fn enter(server: &Server, rooms: &[String], members: usize) -> Vec<Guest> {
    let agent = ureq::Agent::config_builder().build().new_agent();
    let mut guests = Vec::new();
    for (room, name) in rooms.iter().enumerate() {
        let path = format!("{}/api/rooms/{}", server.origin(), utf8_percent_encode(name, NON_ALPHANUMERIC));
        for member in 0..members {
            let [a, b, c, _] = (guests.len() as u32).to_be_bytes().map(u32::from);
            let number = guests.len();
            let address = format!("10.{}.{}.{}", a * 256 + b, c, number % 256);
            let guest = json!({ "name": format!("Guest {number}") });
            let answer = send(agent.post(format!("{}/api/guest", server.origin())), &address, None, Some(&guest));
            let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
            let cookie = cookie.split(';').next().unwrap().to_owned();
            if member == 0 {
                let made = agent.post(format!("{}/api/rooms", server.origin()));
                send(made, &address, Some(&cookie), Some(&json!({ "name": name })));
            } else {
                send(agent.put(format!("{path}/membership")), &address, Some(&cookie), None);
            }
            guests.push(Guest { room, headers: vec![("cookie", cookie), ("cf-connecting-ip", address)] });
        }
    }
    guests
}

fn send(
    request: ureq::RequestBuilder<ureq::typestate::WithBody>,
    address: &str,
    cookie: Option<&str>,
    body: Option<&Value>,
) -> ureq::http::Response<ureq::Body> {
    let mut request = request.header("cf-connecting-ip", address);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    let answer = match body {
        Some(body) => request.header("content-type", "application/json").send(body.to_string()),
        None => request.send_empty(),
    };
    let mut answer = answer.unwrap();
    // Read to its end, or the connection can't be used again.
    let _ = answer.body_mut().read_to_vec();
    answer
}
