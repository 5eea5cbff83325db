//! `GET /healthz`: for whoever watches over the deployment. No session, no secrets.

use super::reply::{self, Answer};
use crate::clock;
use crate::config::Settings;
use crate::directory::embedded::ToObject;
use crate::directory::home;
use crate::domain::time::{Millis, SECOND};
use crate::protocol::views::HealthView;
use crate::redis::Redis;
use std::cell::RefCell;
use worker::{console_error, Env};

/// How long an answer stands: every question to Redis is billed, and anybody may ask.
const FRESH: Millis = 10 * SECOND;

thread_local! {
    static LAST: RefCell<Option<(Millis, HealthView)>> = const { RefCell::new(None) };
}

/// How the deployment is.
pub async fn show(env: &Env, settings: &Settings) -> Answer {
    let now = clock::now();
    if let Some((_, view)) = LAST.with_borrow(Clone::clone).filter(|(at, _)| now - at < FRESH) {
        return reply::json(200, &view);
    }
    let view = look(env, settings, now).await;
    LAST.set(Some((now, view.clone())));
    reply::json(200, &view)
}

async fn look(env: &Env, settings: &Settings, now: Millis) -> HealthView {
    let redis = match settings.redis.clone().map(Redis) {
        None => None,
        Some(redis) => {
            let pong = redis.command(&vec!["PING".to_owned()]).await;
            Some(pong.map_err(|error| console_error!("health: {error}")).is_ok())
        }
    };
    super::move_on(env, settings).await;
    let directory = home::connect(env, settings);
    let behind = match &directory {
        Ok(directory) => directory.0.object.call::<Option<Millis>>(&ToObject::LongestBehind).await,
        Err(error) => Err(error.clone()),
    };
    let lag = behind.as_ref().ok().map(|since| since.map_or(0, |since| (now - since).max(0) / SECOND));
    let moved = match (&directory, redis) {
        (Ok(directory), Some(true)) => directory.0.has_moved().await,
        _ => Ok(redis.is_none()),
    };
    HealthView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        status: if redis != Some(false) && lag == Some(0) && moved.is_ok() { "ok" } else { "degraded" }.to_owned(),
        backend: if settings.redis.is_some() { "redis" } else { "embedded" }.to_owned(),
        redis_reachable: redis,
        moving: redis == Some(true) && moved == Ok(false),
        archive_lag: settings.redis.as_ref().and(lag),
    }
}
