//! HiHi Chat: chat rooms at the edge, with no server to keep.
//!
//! A map, from the inside out; `ARCHITECTURE.md` tells it at length.
//! - [`domain`]: names, identities, roles and rules
//! - [`protocol`]: what clients and rooms say to each other
//! - [`room`]: the log, the live core, and the Durable Object that carries them
//! - [`directory`]: the room index and each person's rooms
//! - [`auth`]: session tokens, cookies, origins
//! - [`http`]: routes and handlers
//! - [`sql`], [`config`], [`deadline`], [`random`]: what the shells share

pub mod auth;
pub mod config;
pub mod deadline;
pub mod directory;
pub mod domain;
pub mod http;
pub mod protocol;
pub mod random;
pub mod room;
pub mod sql;

use worker::{event, Context, Env, Request, Response, Result};

/// Every request that no file in `public/` answers.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    http::handle(request, env).await
}
