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
    /// Made the room, or was handed it, and is joined.
    Owner,
    /// Named by the deployer. Joined or not.
    Admin,
}

/// Who finds and reads a room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Listed; whoever has a session reads and joins.
    #[default]
    Open,
    /// Unlisted, and unknown to everyone who is neither member nor admin; joined by an invite.
    Private,
}

/// What somebody wants to do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Find it in a list: an open one in that of all, a private one among one's own.
    List,
    /// See its people and messages, live too.
    Read,
    /// Become a member without an invite.
    Join,
    /// Stop being one.
    Leave,
    /// Post a message, react to one, change or delete an own one, or show that one is being typed.
    Post,
    /// Delete what somebody else said.
    Moderate,
    /// Make a link by which others join.
    Invite,
    /// Change its description and access, see and revoke invites, remove a member, hand it over, close it.
    Manage,
}

impl Action {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 8] =
        [Self::List, Self::Read, Self::Join, Self::Leave, Self::Post, Self::Moderate, Self::Invite, Self::Manage];
}

impl Role {
    /// The role of somebody with a session.
    pub fn of(kind: Kind, joined: bool, owner: bool, admin: bool) -> Self {
        match (admin, joined, owner, kind) {
            (true, ..) => Self::Admin,
            (_, false, ..) => Self::Visitor,
            (_, true, true, _) => Self::Owner,
            (_, true, false, Kind::Guest | Kind::Imported | Kind::Deleted) => Self::GuestMember,
            (_, true, false, Kind::Account) => Self::Member,
        }
    }
}

/// Whether `role` may do `action` in a room of this `access`.
pub fn may(role: Role, action: Action, access: Access) -> bool {
    use Access::{Open, Private};
    match (action, access) {
        (Action::List, Open) => true,
        (Action::Read | Action::Join | Action::Leave, Open) => role >= Role::Visitor,
        (Action::List | Action::Read | Action::Leave, Private) => role >= Role::GuestMember,
        (Action::Join, Private) => role >= Role::Admin,
        (Action::Post, Open | Private) => role >= Role::GuestMember,
        (Action::Invite, Open | Private) => role >= Role::Member,
        (Action::Moderate | Action::Manage, Open | Private) => role >= Role::Owner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_rights_holds() {
        use Role::{Admin, GuestMember, Member, Owner, SignedOut, Visitor};
        // In the order of Action::ALL, in an open and in a private room.
        let table = [
            (SignedOut, "y.......", "........"),
            (Visitor, "yyyy....", "........"),
            (GuestMember, "yyyyy...", "yy.yy..."),
            (Member, "yyyyy.y.", "yy.yy.y."),
            (Owner, "yyyyyyyy", "yy.yyyyy"),
            (Admin, "yyyyyyyy", "yyyyyyyy"),
        ];
        for (role, open, private) in table {
            for (access, row) in [(Access::Open, open), (Access::Private, private)] {
                for (action, mark) in Action::ALL.into_iter().zip(row.chars()) {
                    assert_eq!(may(role, action, access), mark == 'y', "{role:?} {action:?} {access:?}");
                }
            }
        }
    }

    #[test]
    fn whoever_has_not_joined_is_a_visitor_even_in_their_own_room() {
        assert_eq!(Role::of(Kind::Guest, false, true, false), Role::Visitor);
        assert_eq!(Role::of(Kind::Guest, true, true, false), Role::Owner);
        assert_eq!(Role::of(Kind::Guest, true, false, false), Role::GuestMember);
        assert_eq!(Role::of(Kind::Account, true, false, false), Role::Member);
        assert_eq!(Role::of(Kind::Account, false, false, true), Role::Admin);
    }
}
