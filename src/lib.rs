//! HiHi Chat: chat rooms at the edge, with no server to keep.
//!
//! A map, from the inside out; `ARCHITECTURE.md` tells it at length.
//! - [`domain`]: names, identities, roles and rules
//! - [`protocol`]: what clients and rooms say to each other
//! - [`room`]: the log, the live core, and the Durable Object that carries them
//! - [`directory`]: accounts, sessions, the room index and each person's rooms
//! - [`archive`]: a room's messages in Redis, behind its log
//! - [`redis`]: a client of hosted Redis
//! - [`auth`]: session tokens, cookies, origins
//! - [`http`]: routes and handlers
//! - [`limits`]: how often somebody may do something
//! - [`errands`]: rooms that have yet to hear of a deleted account
//! - [`sql`], [`json`], [`config`], [`clock`], [`deadline`], [`random`], [`request`]: what the shells share

pub mod archive;
pub mod auth;
pub mod clock;
pub mod config;
pub mod deadline;
pub mod directory;
pub mod domain;
pub mod errands;
pub mod http;
pub mod json;
pub mod limits;
pub mod protocol;
pub mod random;
pub mod redis;
pub mod request;
pub mod room;
pub mod sql;

use wasm_bindgen::prelude::*;
use worker::js_sys::Promise;
use worker::{console_error, wasm_bindgen_futures::future_to_promise, web_sys, Env, Request};

#[wasm_bindgen(module = "/src/answered.js")]
extern "C" {
    fn answered(work: Promise) -> Promise;

    fn ended();
}

/// Sees that nobody waits for what a panic has ended. It is heard of here and not where the runtime hears of it, for that
/// would be a crossing more for each event, and it tells nobody of what a handler of events throws at once.
#[wasm_bindgen(start)]
fn start() {
    let known = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        known(panic);
        ended();
    }));
}

/// Every request that no file in `public/` answers. By hand instead of by `#[event(fetch)]`, whose promise would be
/// lost in a panic: see `answered.js`.
#[wasm_bindgen]
pub fn fetch(request: web_sys::Request, env: Env, _context: JsValue) -> Promise {
    answered(future_to_promise(async move {
        let response = match http::handle(Request::from(request), env).await {
            Ok(response) => response,
            Err(error) => {
                console_error!("internal: {error}");
                http::reply::refuse(&protocol::code::Code::Internal.into())?
            }
        };
        Ok(web_sys::Response::from(response).into())
    }))
}
