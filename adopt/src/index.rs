//! Putting a room into the index.

use crate::plan::Room;
use hihichat::archive::entry::score;
use hihichat::directory::DirectoryError;
use hihichat::redis::{Redis, Wire};
use serde_json::json;

const ADOPT: &str = include_str!("scripts/adopt.lua");

/// Puts the room there in one step, unless something has come in between. Says whether it is there now; again is fine.
pub async fn adopt<W: Wire>(redis: &Redis<W>, room: &Room) -> Result<bool, DirectoryError> {
    let Room { row, owner, .. } = room;
    let call = json!({ "Adopt": {
        "key": row.name.key(), "skeleton": row.name.skeleton(), "created": score(row.created), "owner": owner, "row": row,
    } });
    let row = serde_json::to_string(row).map_err(|error| DirectoryError::Unavailable(error.to_string()))?;
    crate::read(&redis.script(ADOPT, vec!["0".to_owned(), call.to_string(), row]).await?)
}
