//! Who may do what: one total function, asked once at the edge of the room.

use super::person::Kind;
use serde::{Deserialize, Serialize};

/// What somebody is to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// No session.
    SignedOut,
    /// A session, but not joined.
    Visitor,
    /// Joined, without an account.
    GuestMember,
    /// Joined.
    Member,
    /// Made the room.
    Owner,
}

/// Who finds and reads a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Listed; whoever has a session reads and joins.
    Open,
}

/// What somebody wants to do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Find it in the list.
    List,
    /// See its people and messages, live too.
    Read,
    /// Become a member.
    Join,
    /// Stop being one.
    Leave,
    /// Post a message, or show that one is being typed.
    Post,
}

impl Role {
    /// The role of somebody with a session who has joined, or not.
    pub fn of(kind: Kind, joined: bool, owner: bool) -> Self {
        match (joined, owner, kind) {
            (false, _, _) => Self::Visitor,
            (true, true, _) => Self::Owner,
            (true, false, Kind::Guest) => Self::GuestMember,
            (true, false, Kind::Account) => Self::Member,
        }
    }

    /// Whether this person is in the room's member list.
    pub fn is_member(self) -> bool {
        self >= Self::GuestMember
    }
}

/// Whether `role` may do `action` in a room of this `access`.
pub fn may(role: Role, action: Action, access: Access) -> bool {
    match (access, action) {
        (Access::Open, Action::List) => true,
        (Access::Open, Action::Read | Action::Join) => role >= Role::Visitor,
        (Access::Open, Action::Leave) => role >= Role::Visitor,
        (Access::Open, Action::Post) => role.is_member(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_rights_holds() {
        use Action::{Join, Leave, List, Post, Read};
        use Role::{GuestMember, Member, Owner, SignedOut, Visitor};
        let table = [
            (SignedOut, [true, false, false, false, false]),
            (Visitor, [true, true, true, true, false]),
            (GuestMember, [true, true, true, true, true]),
            (Member, [true, true, true, true, true]),
            (Owner, [true, true, true, true, true]),
        ];
        for (role, row) in table {
            for (action, allowed) in [List, Read, Join, Leave, Post].into_iter().zip(row) {
                assert_eq!(may(role, action, Access::Open), allowed, "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn whoever_has_not_joined_is_a_visitor_even_in_their_own_room() {
        assert_eq!(Role::of(Kind::Guest, false, true), Role::Visitor);
        assert_eq!(Role::of(Kind::Guest, true, true), Role::Owner);
        assert_eq!(Role::of(Kind::Guest, true, false), Role::GuestMember);
        assert_eq!(Role::of(Kind::Account, true, false), Role::Member);
    }
}
