//! Every key that we have in Redis, and nowhere else. The first four are those of the tutorial chat, kept so that its
//! data and its readers still work; `docs/redis.md` shows each with an example.

/// Sorted set of a room's members: name (a guest's with its tag), by the time they joined, in seconds.
pub const MEMBERS: &str = "chat-";
/// Sorted set of a room's messages: JSON, by their time in seconds.
pub const MESSAGES: &str = "msg-";
/// Hash of what a room is: description, owner, created, epoch, access.
pub const ROOM: &str = "room-";
/// Hash of an account: password record, PersonId, created.
pub const USER: &str = "user-";

/// Which deployment's Directory is here.
pub const SITE: &str = "hihi:site";

/// The names that scripts know the keys by, and the keys.
const FOR_SCRIPTS: [(&str, &str); 27] = [
    ("members", MEMBERS),
    ("messages", MESSAGES),
    ("room", ROOM),
    ("user", USER),
    // Sorted set of open rooms' names by last activity, in seconds: the index.
    ("rooms", "hihi:rooms"),
    // Hash: a room's name to its row in lists.
    ("rows", "hihi:rows"),
    // Hashes: the key and the skeleton of a name to whose it is.
    ("room_names", "hihi:room-names"),
    ("room_looks", "hihi:room-looks"),
    ("user_names", "hihi:user-names"),
    ("user_looks", "hihi:user-looks"),
    // Hashes of names that came with old messages: key to name, skeleton to key.
    ("imported", "hihi:imported"),
    ("imported_looks", "hihi:imported-looks"),
    // A reserved name, by skeleton: when and by whom. Goes by itself.
    ("reserved", "hihi:reserved:"),
    // The epoch of a room that was closed: nothing of it is written any more. Goes by itself.
    ("closed", "hihi:closed:"),
    // Hash of a room by name: PersonId to the member, or to nothing for who reads along.
    ("people_of", "hihi:people-of:"),
    // Hash of a person: room key to `1` for a member or `0`, and the room's name.
    ("rooms_of", "hihi:rooms-of:"),
    // Hash of a person: room key to how many messages they have read, and the numbers of unread ones that mention them.
    ("marks", "hihi:marks:"),
    // Hash of a person: key of a room that they left to its name. A guest's goes by itself.
    ("left_rooms", "hihi:left-rooms:"),
    // Hash: PersonId to the account's name.
    ("accounts", "hihi:accounts"),
    // Hash of a person: session to its row.
    ("sessions", "hihi:sessions:"),
    // Hash of a person: session that has ended to when its token would have. Goes by itself.
    ("departed", "hihi:departed:"),
    // What becomes of the messages of an account that was deleted: `"deleted"` or `"kept"`. Goes by itself.
    ("deleted", "hihi:deleted:"),
    // Hash: PersonId, a space and the name of a room that has yet to hear of a deletion, to when it is told.
    ("errands", "hihi:errands"),
    // What the tutorial chat had under a name that was released.
    ("old_user", "hihi:old-user:"),
    // Set of persons.
    ("blocked", "hihi:blocked"),
    // A reset token's fingerprint: whose, and until when. Goes by itself.
    ("reset", "hihi:reset:"),
    ("site", SITE),
];

/// The keys as a Lua table `K`.
pub fn for_scripts() -> String {
    let keys: String = FOR_SCRIPTS.iter().map(|(name, key)| format!("{name}='{key}',")).collect();
    format!("local K={{{keys}}}\n")
}
