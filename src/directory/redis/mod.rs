//! The Directory in Redis: each question is one script and one round trip, and atomic.

use super::call::Call;
use super::client::Ask;
use super::deletions::{GUEST_LEFT, RETRY_FIRST, RETRY_LONGEST};
use super::{DirectoryError, RESERVATION};
use crate::directory::accounts::RESET;
use crate::domain::id::PersonId;
use crate::domain::listing::{LIST_PAGE, MENTIONS_KEPT};
use crate::domain::person::SESSION;
use crate::domain::time::Millis;
use crate::json;
use crate::redis::{keys, Redis, RedisError, Wire};
use serde_json::Value;

const COMMON: &str = include_str!(concat!(env!("OUT_DIR"), "/common.lua"));
const ACCOUNTS: &str = include_str!(concat!(env!("OUT_DIR"), "/accounts.lua"));
const DELETIONS: &str = include_str!(concat!(env!("OUT_DIR"), "/deletions.lua"));
const MOVE: &str = include_str!(concat!(env!("OUT_DIR"), "/move.lua"));
const SETTLE: &str = include_str!(concat!(env!("OUT_DIR"), "/settle.lua"));
const PUBLISH: &str = include_str!(concat!(env!("OUT_DIR"), "/publish.lua"));
const ROOMS: &str = include_str!(concat!(env!("OUT_DIR"), "/rooms.lua"));

impl<W: Wire> Ask for Redis<W> {
    async fn ask(&self, call: &Call, now: Millis) -> Result<String, DirectoryError> {
        let (script, more) = match call {
            Call::Publish(publication) => (PUBLISH, vec![text(&publication.row)?]),
            Call::Reserve(_) | Call::Rooms(_) | Call::RoomsOf(_) | Call::Hide(_) | Call::Free(_) => (ROOMS, vec![]),
            Call::Delete(..) | Call::Errands(_) | Call::Done(_) => (DELETIONS, vec![]),
            Call::FreeForGuests(name) => (ACCOUNTS, vec![name.key().into(), name.skeleton()]),
            Call::Register(wanted) => {
                let name = &wanted.person.name;
                (ACCOUNTS, vec![name.key().into(), name.skeleton()])
            }
            _ => (ACCOUNTS, vec![]),
        };
        let mut arguments = vec![now.to_string(), text(call)?];
        arguments.extend(more);
        self.script(script, arguments).await
    }
}

impl<W: Wire> Redis<W> {
    /// Takes in a piece of an embedded Directory, as JSON. `Superseded` if this Redis has another site's already.
    pub async fn take_in(&self, piece: &str, site: &str, now: Millis) -> Result<(), DirectoryError> {
        let call = format!("{{\"Move\":{piece}}}");
        self.script(MOVE, vec![now.to_string(), call, site.to_owned()]).await.map(drop)
    }

    /// All of an embedded Directory is here, which may have been nothing (`fresh`). Answers which site's Redis this is, or
    /// `Superseded` if it is another's.
    pub async fn settle(&self, site: &str, fresh: bool) -> Result<String, DirectoryError> {
        let call = format!("{{\"Settle\":{{\"fresh\":{fresh}}}}}");
        let answer = self.script(SETTLE, vec!["0".to_owned(), call, site.to_owned()]).await?;
        json::read(&answer).map_err(DirectoryError::unavailable)
    }

    /// `Superseded` if this is not the Redis that the site's data is in.
    pub async fn expect_site(&self, site: &str) -> Result<(), DirectoryError> {
        match self.repeat(&vec!["GET".to_owned(), keys::SITE.to_owned()]).await? {
            Value::String(here) if here == site => Ok(()),
            _ => Err(DirectoryError::Superseded),
        }
    }

    /// Runs a script that may run twice, and reads its answer: JSON, or an error as JSON behind a `!`.
    pub async fn script(&self, script: &str, arguments: Vec<String>) -> Result<String, DirectoryError> {
        let constants = format!(
            "local SESSION,RESET,RESERVATION,LIST_PAGE,MENTIONS_KEPT={SESSION},{RESET},{RESERVATION},{LIST_PAGE},{MENTIONS_KEPT}\n\
             local GUEST_LEFT,RETRY_FIRST,RETRY_LONGEST={GUEST_LEFT},{RETRY_FIRST},{RETRY_LONGEST}\n\
             local NOBODY='{}'\n",
            PersonId::nobody()
        );
        let mut command = vec!["EVAL".to_owned(), keys::for_scripts() + &constants + COMMON + script, "0".to_owned()];
        command.extend(arguments);
        match self.repeat(&command).await? {
            Value::String(answer) => match answer.strip_prefix('!') {
                Some(error) => Err(json::read(error).unwrap_or_else(DirectoryError::unavailable)),
                None => Ok(answer),
            },
            _ => Err(DirectoryError::unavailable("a script that answers no text")),
        }
    }
}

fn text(value: &impl serde::Serialize) -> Result<String, DirectoryError> {
    serde_json::to_string(value).map_err(DirectoryError::unavailable)
}

impl From<RedisError> for DirectoryError {
    fn from(error: RedisError) -> Self {
        match error {
            RedisError::Full(_) => Self::Full,
            error => DirectoryError::unavailable(error),
        }
    }
}
