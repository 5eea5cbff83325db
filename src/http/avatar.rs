//! `GET /avatar/{name}`: for clients that don't draw. The drawn identicon, or Gravatar's, which asks from here: no
//! browser of ours talks to a third party.

use super::body;
use super::reply::{self, Answer};
use crate::config::Settings;
use crate::deadline::within;
use crate::domain::avatar::AvatarHash;
use crate::domain::text::PersonName;
use crate::request;
use std::time::Duration;
use worker::web_sys::{RequestInit, RequestRedirect};
use worker::{console_error, Cache, Fetch, Response};

const GRAVATAR_LIMIT: Duration = Duration::from_secs(2);
const GRAVATAR_BYTES: usize = 64 * 1024;

/// What may come from there. Not SVG: that may hold scripts.
const TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// The picture of a name. It never changes, so caches may keep it for a week.
pub async fn show(settings: &Settings, origin: &str, name: &PersonName) -> Answer {
    if !settings.gravatar {
        return reply::svg(name);
    }
    let hash = AvatarHash::of(name);
    let (cache, key) = (Cache::default(), format!("{origin}/avatar/gravatar/{hash}"));
    if let Ok(Some(kept)) = cache.get(&key, false).await {
        return Ok(kept);
    }
    let asked = within(GRAVATAR_LIMIT, ask_gravatar(hash)).await;
    let picture = match asked.unwrap_or_else(|| Err("no answer in time".into())) {
        Ok(picture) => picture,
        Err(error) => {
            console_error!("no picture from Gravatar: {error}");
            return reply::svg(name);
        }
    };
    let mut response = reply::picture(&picture.kind, picture.bytes)?;
    if let Ok(copy) = response.cloned() {
        // Where nothing is cached it is asked for again.
        let _ = cache.put(&key, copy).await;
    }
    Ok(response)
}

struct Picture {
    kind: String,
    bytes: Vec<u8>,
}

async fn ask_gravatar(hash: AvatarHash) -> worker::Result<Picture> {
    let init = RequestInit::new();
    init.set_redirect(RequestRedirect::Manual);
    let address = format!("https://www.gravatar.com/avatar/{hash}?d=identicon&f=y&s=80");
    let mut response: Response = Fetch::Request(request::new(&address, &init)?).send().await?;
    let kind = response.headers().get("content-type")?.unwrap_or_default();
    if response.status_code() != 200 || !TYPES.contains(&kind.as_str()) {
        return Err(format!("{} of {kind:.40}", response.status_code()).into());
    }
    match body::read_at_most(response.stream()?, GRAVATAR_BYTES).await? {
        Some(bytes) => Ok(Picture { kind, bytes }),
        None => Err("too large".into()),
    }
}
