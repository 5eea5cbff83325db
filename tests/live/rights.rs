//! The whole table of rights, walked against the real Worker: every role, every action, every access, over HTTP and over
//! the socket. What should come of it is asked of `may` itself, whose table is held by its own test.

use crate::accounts::{account_at, with_admin};
use crate::client::{eventually, guest_at, new_name, stranger_at, Client, Room};
use crate::live::{new_id, Live};
use crate::server::Server;
use hihichat::domain::rights::{may, Access, Action, Role};
use hihichat::http::route::TABLE;
use serde_json::{json, Value};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

const ROLES: [Role; 6] = [Role::SignedOut, Role::Visitor, Role::GuestMember, Role::Member, Role::Owner, Role::Admin];

/// One way to do something.
enum Way {
    /// By a list that the room stands in.
    List,
    /// By a request: a method, an address of the router's table, what follows it, and a body.
    Http(&'static str, &'static str, &'static str, fn(&Stage) -> Value),
    /// By opening the socket.
    Socket,
    /// By a frame.
    Frame(fn(&Stage) -> Value),
}

const ROOM: &str = "/api/rooms/{room}";
const ENTRIES: &str = "/api/rooms/{room}/entries";
/// Shows an invite to whoever holds it, signed in or not: no right of a role.
const FOR_HOLDERS: (&str, &str) = ("GET", "/api/rooms/{room}/invites/{invite}");

/// Every way to do this, in an order in which none stands in the way of those after it.
fn ways(action: Action) -> Vec<Way> {
    use Way::{Frame, Http, List, Socket};
    let nothing = |_: &Stage| Value::Null;
    match action {
        Action::List => vec![List],
        Action::Read => vec![
            Http("GET", ROOM, "", nothing),
            Http("GET", "/api/rooms/{room}/members", "", nothing),
            Http("GET", "/api/rooms/{room}/messages", "", nothing),
            Http("GET", "/api/rooms/{room}/messages", "?since=0", nothing),
            Http("GET", "/api/rooms/{room}/search", "?q=said", nothing),
            Http("PUT", "/api/rooms/{room}/read", "", |_| json!({ "seq": 1 })),
            Socket,
            Frame(|_| json!({ "type": "since", "seq": 0 })),
            Frame(|_| json!({ "type": "read", "seq": 2 })),
        ],
        Action::Join => vec![Http("PUT", "/api/rooms/{room}/membership", "", nothing)],
        Action::Leave => vec![Http("DELETE", "/api/rooms/{room}/membership", "", nothing)],
        Action::Post => vec![
            Http("POST", "/api/rooms/{room}/messages", "", |_| json!({ "id": new_id(), "text": "hello" })),
            Http("POST", ENTRIES, "", |_| entry("send", json!({ "text": "hello" }))),
            Http("POST", ENTRIES, "", |on| entry("edit", json!({ "seq": on.own[0], "text": "better" }))),
            Http("POST", ENTRIES, "", |on| {
                entry("react", json!({ "seq": on.others[0], "reaction": "👍", "on": true }))
            }),
            Http("POST", ENTRIES, "", |on| entry("delete", json!({ "seq": on.own[0] }))),
            Frame(|_| json!({ "type": "typing" })),
            Frame(|_| entry("send", json!({ "text": "hello" }))),
            Frame(|on| entry("edit", json!({ "seq": on.own[1], "text": "better" }))),
            Frame(|on| entry("react", json!({ "seq": on.others[0], "reaction": "👍", "on": false }))),
            Frame(|on| entry("delete", json!({ "seq": on.own[1] }))),
        ],
        Action::Moderate => vec![
            Http("POST", ENTRIES, "", |on| entry("delete", json!({ "seq": on.others[0] }))),
            Frame(|on| entry("delete", json!({ "seq": on.others[1] }))),
        ],
        Action::Invite => vec![Http("POST", "/api/rooms/{room}/invites", "", |_| json!({ "hours": 1 }))],
        Action::Manage => vec![
            Http("GET", "/api/rooms/{room}/invites", "", nothing),
            Http("DELETE", "/api/rooms/{room}/invites/{invite}", "", nothing),
            Http("PATCH", ROOM, "", |_| json!({ "description": "tidied" })),
            Http("DELETE", "/api/rooms/{room}/members/{person}", "", nothing),
            Http("DELETE", ROOM, "", nothing),
        ],
    }
}

fn entry(kind: &str, mut rest: Value) -> Value {
    (rest["type"], rest["id"]) = (json!(kind), json!(new_id()));
    rest
}

/// A room of its own for one role and one action.
struct Stage {
    room: Room,
    /// Whose right it is about.
    who: Client,
    /// Another member.
    other: Client,
    invite: String,
    /// Two messages of `who`, said while they were a member, if they ever were one.
    own: [Value; 2],
    /// Two messages of `other`.
    others: [Value; 2],
}

/// What lasts for the whole walk.
struct Cast {
    server: Arc<Server>,
    admin: Client,
    member: Client,
}

#[track_caller]
fn say_two(who: &Client, room: &Room) -> [Value; 2] {
    [0, 1].map(|_| who.say(room, &new_id(), "said before").expect(201)["seq"].take())
}

impl Cast {
    #[track_caller]
    fn set(&self, role: Role, access: Access) -> Stage {
        let owner = guest_at(&self.server, "Ann");
        let room = Room::named(&new_name());
        owner.post("/api/rooms", &json!({ "name": room.name, "access": access })).expect(201);
        let invite = owner.post(&room.at("invites"), &json!({ "hours": 1 })).expect(201);
        let join = |who: &Client| {
            let join = who.request("PUT", &room.at("membership")).json(&json!({ "invite": invite["token"] }));
            join.send().expect(200);
        };
        let other = guest_at(&self.server, "Bob");
        join(&other);
        let others = say_two(&other, &room);
        let who = match role {
            Role::SignedOut => stranger_at(&self.server),
            Role::Visitor | Role::GuestMember => guest_at(&self.server, "Carol"),
            Role::Member => self.member.clone(),
            Role::Owner => owner,
            Role::Admin => self.admin.clone(),
        };
        if matches!(role, Role::Visitor | Role::GuestMember | Role::Member) {
            join(&who);
        }
        let own = if role == Role::SignedOut { others.clone() } else { say_two(&who, &room) };
        if role == Role::Visitor {
            who.delete(&room.at("membership")).expect(204);
        }
        Stage { room, who, other, invite: invite["id"].as_str().unwrap().to_owned(), own, others }
    }
}

impl Stage {
    /// Does it one way: nothing, or the status (none over an open socket) and the code of the refusal.
    #[track_caller]
    fn attempt(&self, way: &Way) -> Result<(), (Option<u16>, String)> {
        match way {
            Way::List => unreachable!("looked at apart"),
            Way::Http(method, template, rest, body) => {
                let path = template.replace(ROOM, &self.room.path);
                let path = path.replace("{person}", self.other.id()).replace("{invite}", &self.invite);
                let request = self.who.request(method, &format!("{path}{rest}"));
                let body = body(self);
                let answer = if body.is_null() { request.send() } else { request.json(&body).send() };
                match answer.status {
                    200..=299 => Ok(()),
                    status => Err((Some(status), code_of(&answer.text))),
                }
            }
            Way::Socket => self.connected().map(drop),
            Way::Frame(frame) => {
                let mut live = self.connected()?;
                let frame = frame(self);
                live.frame(&frame);
                // Refused in any case, and after everything that comes of the frame before it.
                live.frame(&json!({ "type": "fence" }));
                let mut is_acked = false;
                loop {
                    let answer = live.next();
                    match (answer["type"].as_str().unwrap(), answer["code"].as_str()) {
                        ("error", Some("unknown_type")) => break,
                        ("error", Some(code)) => return Err((None, code.to_owned())),
                        ("ack", _) => is_acked |= answer["id"] == frame["id"],
                        _ => {}
                    }
                }
                assert!(is_acked || frame.get("id").is_none(), "{frame} is neither refused nor acknowledged");
                Ok(())
            }
        }
    }

    fn connected(&self) -> Result<Live, (Option<u16>, String)> {
        // Of a refused socket tungstenite keeps the status only.
        let asked = || self.who.request("GET", &self.room.at("live")).header("upgrade", "websocket").send();
        Live::try_open(&self.who, &self.room.at("live"), &[]).map_err(|status| (Some(status), code_of(&asked().text)))
    }

    /// Whether the room stands in the list of open rooms, or in this person's own.
    #[track_caller]
    fn is_listed(&self) -> bool {
        let mut lists = vec![self.who.get("/api/rooms").expect(200)];
        if self.who.cookie.is_some() {
            lists.push(self.who.get("/api/rooms?of=me").expect(200));
        }
        lists
            .iter()
            .flat_map(|list| list["rooms"].as_array().unwrap())
            .any(|row| row["name"] == self.room.name.as_str())
    }
}

fn code_of(refusal: &str) -> String {
    let refusal: Value = serde_json::from_str(refusal).unwrap();
    refusal["error"]["code"].as_str().unwrap().to_owned()
}

/// In which words somebody is refused who may not: of a private room they learn nothing.
fn refusal(role: Role, action: Action, access: Access) -> (u16, &'static str) {
    match action {
        _ if role == Role::SignedOut => (401, "not_signed_in"),
        _ if !may(role, Action::Read, access) => (404, "unknown_room"),
        // Deleting what another said is a change like any other, and those are for members.
        Action::Post | Action::Moderate if !may(role, Action::Post, access) => (403, "not_a_member"),
        _ => (403, "forbidden"),
    }
}

fn walk(access: Access) {
    let (server, admin) = with_admin(&[]);
    let member = account_at(&server, "Dora").client;
    let cast = Cast { server, admin, member };
    for role in ROLES {
        for action in Action::ALL {
            let stage = cast.set(role, access);
            let is_member = matches!(role, Role::GuestMember | Role::Member | Role::Owner);
            // Whoever is in may ask to be let in again, and nothing comes of it.
            let is_allowed = may(role, action, access) || (action == Action::Join && is_member);
            let ways = ways(action);
            assert!(!ways.is_empty(), "no request does {action:?}");
            for (number, way) in ways.iter().enumerate() {
                let told = format!("{role:?}, {access:?}: {action:?}, way {number}");
                if matches!(way, Way::List) {
                    if role == Role::Admin && access == Access::Private {
                        // Nobody is shown all private rooms; who has joined one has it among their own.
                        assert!(!stage.is_listed());
                        stage.who.join(&stage.room);
                    }
                    eventually(&told, || (stage.is_listed() == is_allowed).then_some(()));
                    continue;
                }
                let outcome = stage.attempt(way);
                if is_allowed {
                    assert_eq!(outcome, Ok(()), "{told}");
                } else {
                    let (status, code) = refusal(role, action, access);
                    let (got_status, got_code) = outcome.expect_err(&told);
                    assert_eq!((got_status.unwrap_or(status), got_code.as_str()), (status, code), "{told}");
                }
            }
        }
    }
}

#[test]
fn in_an_open_room_everybody_may_what_the_table_says_over_http_and_over_the_socket() {
    walk(Access::Open);
}

#[test]
fn in_a_private_room_everybody_may_what_the_table_says_over_http_and_over_the_socket() {
    walk(Access::Private);
}

#[test]
fn every_address_below_a_room_and_every_frame_is_somebody_s_right_in_the_walk() {
    let ways: Vec<Way> = Action::ALL.into_iter().flat_map(ways).collect();
    let nobody = || stranger_at(&crate::server::shared());
    let stage = Stage {
        room: Room::named("none"),
        who: nobody(),
        other: nobody(),
        invite: String::new(),
        own: Default::default(),
        others: Default::default(),
    };
    let mut walked = BTreeSet::from([FOR_HOLDERS]);
    let mut frames = BTreeSet::new();
    for way in &ways {
        match way {
            Way::List => {}
            Way::Http(method, template, ..) => drop(walked.insert((method, template))),
            Way::Socket => drop(walked.insert(("GET", "/api/rooms/{room}/live"))),
            Way::Frame(frame) => drop(frames.insert(frame(&stage)["type"].as_str().unwrap().to_owned())),
        }
    }
    let table = TABLE.iter().filter(|(template, _)| template.starts_with(ROOM));
    let routed = table.flat_map(|(template, methods)| methods.iter().map(|method| (*method, *template)));
    assert_eq!(walked, routed.filter(|(method, _)| *method != "HEAD").collect());
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/frames/client");
    let documented = golden.read_dir().unwrap().map(|file| file.unwrap().path().file_stem().unwrap().to_owned());
    assert_eq!(frames, documented.map(|name| name.into_string().unwrap()).collect());
}
