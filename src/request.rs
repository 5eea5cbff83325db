//! Requests that the Worker makes. Each is made from nothing: no header, path or cookie of a client goes along.
//!
//! `worker::RequestInit` would do as well, but brings what writes all of Cloudflare's own options: 7 KB of WASM, gzipped.

use worker::web_sys::{self, RequestInit};
use worker::{Request, Result};

/// How many were made in this isolate: for the tests that hold that some refusals ask nobody.
#[cfg(feature = "test-hooks")]
pub static MADE: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

/// A request of this address; a GET if `init` does not say otherwise.
pub fn new(address: &str, init: &RequestInit) -> Result<Request> {
    #[cfg(feature = "test-hooks")]
    MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    Ok(web_sys::Request::new_with_str_and_init(address, init)?.into())
}

/// A POST of JSON text.
pub fn post(address: &str, body: &str) -> Result<Request> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&body.into());
    new(address, &init)
}
