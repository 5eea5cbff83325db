//! Which rooms are adopted, and why the others are not. Pure: what is there comes in.

use crate::look::Look;
use hihichat::archive::entry::time;
use hihichat::domain::listing::RoomRow;
use hihichat::domain::rights::Access;
use hihichat::domain::text::{Description, PersonName, RoomName, TextError};
use hihichat::domain::time::{Millis, SECOND};
use std::collections::HashMap;
use std::fmt;

/// Why a room is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No room can have that name, and none can be asked for by it.
    Name(TextError),
    /// Whoever asks for it by its name asks for another: names are in a normal form, and its key is not.
    Form(RoomName),
    /// Its keys hold something else.
    Foreign,
    /// There is nothing of it, or not any more.
    Nothing,
    /// A room in the index has its name, or one that looks like it.
    Held(String),
    /// Another one that is found has its name, or one that looks like it, and more messages or newer ones.
    Double(RoomName),
    /// Somebody else has been quicker.
    Overtaken,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(error) => write!(f, "no room can be called that: {error}"),
            Self::Form(name) => {
                write!(f, "would be looked for as {:?}: give its two keys that name and run this again", name.as_str())
            }
            Self::Foreign => f.write_str("what its keys hold is no room of the tutorial chat"),
            Self::Nothing => f.write_str("nothing of it is there"),
            Self::Held(holder) => write!(f, "the list has {holder:?}, which has the same name or looks like it"),
            Self::Double(other) => {
                write!(
                    f,
                    "{:?} has the same name or looks like it, and has more messages or newer ones",
                    other.as_str()
                )
            }
            Self::Overtaken => f.write_str("somebody is making a room of that name: run this again"),
        }
    }
}

/// The room's name, if it can be found by it.
pub fn name(raw: &str) -> Result<RoomName, Reason> {
    let name = RoomName::parse(raw).map_err(Reason::Name)?;
    if name.as_str() == raw {
        Ok(name)
    } else {
        Err(Reason::Form(name))
    }
}

/// A room to adopt.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// As it will be in the list.
    pub row: RoomRow,
    /// Who made it, if it has any members.
    pub owner: Option<PersonName>,
    /// How many are in its sorted set of members.
    pub members: u64,
    /// How many are in its sorted set of messages.
    pub messages: u64,
}

/// What to do.
#[derive(Debug, Default)]
pub struct Plan {
    /// Rooms to adopt, by name.
    pub rooms: Vec<Room>,
    /// Rooms to leave alone, as their keys call them.
    pub left: Vec<(String, Reason)>,
    /// How many are in the index themselves.
    pub listed: usize,
}

impl Plan {
    /// Decides for each.
    pub fn of(found: Vec<(RoomName, Look)>, now: Millis) -> Self {
        let mut plan = Self::default();
        let mut candidates = Vec::new();
        // A room of which no time is known is as old as the oldest that is: at the end of the list, not at its top.
        let oldest = found.iter().filter_map(|(_, look)| sensible(&look.first)).min().unwrap_or(now);
        for (name, look) in found {
            match (look.members, look.messages, &look.holder) {
                (_, _, Some(holder)) if holder == name.as_str() => plan.listed += 1,
                (_, _, Some(holder)) => plan.left.push((name.into(), Reason::Held(holder.clone()))),
                (Some(0), Some(0), None) => plan.left.push((name.into(), Reason::Nothing)),
                (Some(members), Some(messages), None) => {
                    let room = Room { members, messages, ..room(name, &look, oldest, now) };
                    candidates.push((sensible(&look.newest), room));
                }
                _ => plan.left.push((name.into(), Reason::Foreign)),
            }
        }
        // The sort is stable, so of two that are equal the first by name comes first.
        candidates.sort_by_key(|(newest, room)| std::cmp::Reverse((room.messages, *newest)));
        let mut looks: HashMap<String, RoomName> = HashMap::new();
        for (_, room) in candidates {
            match looks.get(&room.row.name.skeleton()) {
                Some(other) => plan.left.push((room.row.name.into(), Reason::Double(other.clone()))),
                None => {
                    looks.insert(room.row.name.skeleton(), room.row.name.clone());
                    plan.rooms.push(room);
                }
            }
        }
        plan.rooms.sort_by(|one, other| one.row.name.as_str().cmp(other.row.name.as_str()));
        plan
    }
}

fn room(name: RoomName, look: &Look, oldest: Millis, now: Millis) -> Room {
    let created = sensible(&look.first).unwrap_or(oldest).min(now);
    let row = RoomRow {
        name,
        description: Description::default(),
        access: Access::Open,
        created,
        activity: sensible(&look.newest).unwrap_or(created).min(now),
        // Counted when the room is opened; nobody has read any before.
        messages: 0,
        // Nobody can be logged in as one of the old names, so the room will have no members when it is opened.
        members: 0,
        online: 0,
        people: Vec::new(),
        read: None,
        mentions: None,
    };
    Room { row, owner: look.creator.as_deref().map(PersonName::shown), members: 0, messages: 0 }
}

/// A score as a time, if it is one and not the creator's 1.
fn sensible(score: &Option<String>) -> Option<Millis> {
    score.as_deref().and_then(time).filter(|at| *at > SECOND)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const NOW: Millis = 1_700_000_000_000;

    fn look(messages: u64, newest: &str) -> Look {
        Look { members: Some(1), messages: Some(messages), newest: Some(newest.to_owned()), ..Look::default() }
    }

    fn plan(found: &[(&str, Look)]) -> Plan {
        Plan::of(found.iter().map(|(name, look)| (self::name(name).unwrap(), look.clone())).collect(), NOW)
    }

    fn adopted(plan: &Plan) -> Vec<&str> {
        plan.rooms.iter().map(|room| room.row.name.as_str()).collect()
    }

    #[test]
    fn a_name_that_is_not_its_own_normal_form_is_told_apart_from_one_that_is_none() {
        for good in ["General", "a*b?[c]", "a b", "a/b", "聊天室", "café"] {
            assert_eq!(name(good).unwrap().as_str(), good);
        }
        for (raw, form) in [("a ", "a"), ("a\r\n", "a"), ("a  b", "a b"), ("Ｇｅｎ", "Gen"), ("cafe\u{301}", "café")]
        {
            assert_eq!(name(raw), Err(Reason::Form(RoomName::parse(form).unwrap())), "{raw:?}");
        }
        for wrong in ["", " ", "..", "a\r\nb", "a\u{202e}b", "a\u{fffd}", &"x".repeat(65)] {
            assert!(matches!(name(wrong), Err(Reason::Name(_))), "{wrong:?}");
        }
    }

    #[test]
    fn of_names_that_are_or_look_the_same_the_one_with_more_messages_is_adopted_then_the_newer() {
        // The second "paypal" begins with a Cyrillic letter.
        let plan = plan(&[
            ("GENERAL", look(3, "20")),
            ("General", look(7, "10")),
            ("general", look(3, "30")),
            ("paypal", look(2, "40")),
            ("рaypal", look(2, "41")),
        ]);
        assert_eq!(adopted(&plan), ["General", "рaypal"]);
        let left: Vec<_> = plan.left.iter().map(|(name, reason)| (name.as_str(), reason.clone())).collect();
        let double = |name| Reason::Double(self::name(name).unwrap());
        let expected = [("general", double("General")), ("GENERAL", double("General")), ("paypal", double("рaypal"))];
        assert_eq!(left, expected);
    }

    #[test]
    fn a_room_begins_with_its_first_sensible_time_and_was_active_when_something_was_last_said() {
        let timed = |first: Option<&str>, newest: Option<&str>| {
            let text = |score: Option<&str>| score.map(str::to_owned);
            Look { first: text(first), newest: text(newest), ..look(1, "1") }
        };
        let plan = plan(&[
            ("a", timed(Some("1500000000.5"), Some("1600000000.25"))),
            ("b, only joined", timed(Some("1550000000"), None)),
            ("c, only made", timed(None, Some("1"))),
            ("d, ahead of the clock", timed(Some("1800000000"), Some("1900000000"))),
            ("e, no number", timed(Some("inf"), Some("nan"))),
        ]);
        let times: Vec<_> = plan.rooms.iter().map(|room| (room.row.created, room.row.activity)).collect();
        let oldest = (1_500_000_000_500, 1_500_000_000_500);
        let b = (1_550_000_000_000, 1_550_000_000_000);
        assert_eq!(times, [(1_500_000_000_500, 1_600_000_000_250), b, oldest, (NOW, NOW), oldest]);
        assert_eq!(Plan::of(vec![(name("z").unwrap(), timed(None, None))], NOW).rooms[0].row.created, NOW);
    }

    #[test]
    fn what_is_in_the_index_what_is_held_and_what_is_something_else_is_left_alone() {
        let held = |by: &str| Look { holder: Some(by.to_owned()), ..look(9, "9") };
        let plan = plan(&[
            ("Lobby", held("Lobby")),
            ("lobby", held("Lobby")),
            ("list", Look { members: Some(1), ..Look::default() }),
            ("gone", Look { members: Some(0), messages: Some(0), ..Look::default() }),
        ]);
        assert_eq!((plan.listed, adopted(&plan).len()), (1, 0));
        let reasons: Vec<_> = plan.left.into_iter().map(|(_, reason)| reason).collect();
        assert_eq!(reasons, [Reason::Held("Lobby".to_owned()), Reason::Foreign, Reason::Nothing]);
    }
}
