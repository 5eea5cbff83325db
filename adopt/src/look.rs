//! What Redis has of a room, and what stands in its way.

use hihichat::directory::DirectoryError;
use hihichat::domain::text::RoomName;
use hihichat::redis::{Redis, Wire};
use serde::Deserialize;
use serde_json::json;

const LOOK: &str = include_str!("scripts/look.lua");

/// How many rooms are looked at by one command.
const ROOMS: usize = 200;

/// A room as Redis has it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Look {
    /// How many members it has; nothing if one of its keys is taken by something else.
    pub members: Option<u64>,
    /// How many messages; nothing likewise.
    pub messages: Option<u64>,
    /// The first of its members: the tutorial chat gave a creator the score 1.
    pub creator: Option<String>,
    /// The lowest score of a member or message above 1.
    pub first: Option<String>,
    /// The score of the newest message.
    pub newest: Option<String>,
    /// The room in the index that has its name or its look. Its own name, if it is there itself.
    pub holder: Option<String>,
}

/// Looks at each of them.
pub async fn at<W: Wire>(redis: &Redis<W>, rooms: &[RoomName]) -> Result<Vec<Look>, DirectoryError> {
    let mut looks = Vec::with_capacity(rooms.len());
    for rooms in rooms.chunks(ROOMS) {
        let named = |room: &RoomName| json!({ "name": room, "key": room.key(), "skeleton": room.skeleton() });
        let call = json!({ "Look": rooms.iter().map(named).collect::<Vec<_>>() });
        let answer = redis.script(LOOK, vec!["0".to_owned(), call.to_string()]).await?;
        looks.extend(crate::read::<Vec<Look>>(&answer)?);
    }
    Ok(looks)
}
