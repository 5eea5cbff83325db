//! Cloudflare's own rate limiter, where the deployer has bound one: it refuses at the edge what would cost an object a
//! request. Without the bindings nothing changes, and the limits of our own hold either way.

use super::busy;
use super::route::Route;
use crate::domain::address::ClientAddress;
use crate::domain::time::{Millis, SECOND};
use crate::limits::TooOften;
use crate::protocol::code::Refusal;
use wasm_bindgen::prelude::*;
use worker::js_sys::{Object, Promise, Reflect};
use worker::wasm_bindgen_futures::JsFuture;
use worker::Env;

/// The longest period that a binding can have. It doesn't tell its own.
const PERIOD: Millis = 60 * SECOND;

#[wasm_bindgen]
extern "C" {
    /// `worker::RateLimiter` would do as well, but brings what turns structures into JavaScript's.
    type Limiter;

    #[wasm_bindgen(method, catch)]
    fn limit(this: &Limiter, options: &Object) -> Result<Promise, JsValue>;
}

/// Lets a request through, or says when to come again: `LIMIT_DOOR` counts entering, logging in, registering and making
/// rooms by address, `LIMIT_LOOKS` everything else.
pub async fn pass(env: &Env, from: Option<ClientAddress>, method: &str, route: &Route) -> Result<(), Refusal> {
    let Some(from) = from else { return Ok(()) };
    let is_door = method == "POST"
        && matches!(
            route,
            Route::Guest | Route::Session | Route::Accounts | Route::Recovery | Route::Reset | Route::Rooms
        );
    let name = if is_door { "LIMIT_DOOR" } else { "LIMIT_LOOKS" };
    let Some(limiter) = Reflect::get(env, &name.into()).ok().filter(|bound| !bound.is_undefined()) else {
        return Ok(());
    };
    match is_within(limiter.unchecked_ref(), from).await {
        Ok(false) => Err(TooOften(PERIOD).into()),
        Ok(true) => Ok(()),
        // It only comes first.
        Err(error) => {
            busy(format!("{name}: {error:?}"));
            Ok(())
        }
    }
}

async fn is_within(limiter: &Limiter, from: ClientAddress) -> Result<bool, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"key".into(), &from.number().to_string().into())?;
    let outcome = JsFuture::from(limiter.limit(&options)?).await?;
    Ok(Reflect::get(&outcome, &"success".into())? != JsValue::FALSE)
}
