//! Looks for rooms that are not there: whoever goes through names is slowed in the isolate, before an object wakes or Redis
//! is asked. Rooms that somebody has been answered by stay open to them, whoever else looks around from their address.

use super::reply::Answer;
use super::session::Visit;
use super::stub;
use crate::auth::device;
use crate::domain::text::RoomName;
use crate::domain::time::{Millis, HOUR};
use crate::limits::bucket::{Bucket, Buckets, Shelf};
use crate::limits::rates;
use crate::protocol::code::Code;
use crate::room::call::RoomCall;
use std::cell::RefCell;

/// How long it is remembered that a room has answered somebody.
const ANSWERED_FOR: Millis = HOUR;

thread_local! {
    static LOOKS: RefCell<Buckets> = const { RefCell::new(Buckets::new(rates::LOOKS)) };
    /// By a number of somebody and a room, until when it is remembered.
    static ANSWERED: RefCell<Shelf> = const { RefCell::new(Shelf::new()) };
}

/// Asks a room.
pub async fn ask(visit: &Visit<'_>, room: &RoomName, call: RoomCall) -> Answer {
    let Some(from) = visit.from else { return stub::call(visit.env, room, call).await };
    // Of this person: that a private room is there is nothing that a stranger may learn by not being slowed.
    let who = visit.viewer().map(|viewer| viewer.person.id.as_str().to_owned()).unwrap_or_default();
    let number = device::alias(&visit.keys.current, &format!("answered\n{who}\n{}", room.key())).unwrap_or_default();
    if ANSWERED.with_borrow(|answered| answered.of(number)).is_full(visit.now) {
        LOOKS.with_borrow(|looks| looks.look(from.number(), visit.now))?;
    }
    let answer = stub::call(visit.env, room, call).await;
    match &answer {
        Err(refusal) if matches!(refusal.code, Code::UnknownRoom | Code::UnknownInvite) => {
            // Several may have been let through at once; what they took more than there was is forgiven.
            let _ = LOOKS.with_borrow_mut(|looks| looks.take(from.number(), 1, visit.now));
        }
        Err(_) => {}
        Ok(_) => {
            let until = Bucket(visit.now + ANSWERED_FOR);
            ANSWERED.with_borrow_mut(|answered| answered.keep(number, until, visit.now));
        }
    }
    answer
}
