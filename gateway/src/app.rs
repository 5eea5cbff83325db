//! The addresses, and what all requests share.

use crate::answer;
use crate::auth;
use crate::counts::{self, Counts};
use crate::faults::{self, Fault};
use crate::server::Server;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::Router;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What all requests share.
pub struct Gateway {
    pub token: String,
    pub server: Server,
    pub fault: Mutex<Fault>,
    pub counts: Mutex<Counts>,
    answered: AtomicU64,
}

/// Upstash's addresses, and two of our own.
pub fn router(token: &str, server: Server) -> Router {
    let gateway = Arc::new(Gateway {
        token: token.to_owned(),
        server,
        fault: Mutex::default(),
        counts: Mutex::default(),
        answered: AtomicU64::default(),
    });
    Router::new()
        .route("/faults", get(faults::show).post(faults::set))
        .route("/counts", get(counts::show).post(counts::reset))
        .fallback(upstash)
        .layer(middleware::from_fn_with_state(Arc::clone(&gateway), auth::required))
        .with_state(gateway)
}

async fn upstash(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let shared = Arc::clone(&gateway);
    // A task of its own: a client that gives up does not stop what it asked for.
    let task = tokio::spawn(async move { answer::answer(&shared, request).await });
    let mut response = match task.await {
        Ok(Ok(response)) => response,
        Ok(Err(refusal)) => refusal.into_response(),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    // One server and no replicas: any token is up to date (https://upstash.com/docs/redis/howto/readyourwrites).
    let token = HeaderValue::from(gateway.answered.fetch_add(1, Relaxed));
    response.headers_mut().insert("upstash-sync-token", token);
    response
}

/// A value behind a lock, also after a panic elsewhere.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
