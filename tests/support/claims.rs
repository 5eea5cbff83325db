//! What holds of everything that reads what comes from outside, whatever comes. `tests/native/parsing.rs` feeds it by chance,
//! `fuzz/` by what it covers. None may panic; what was read is written and read again the same; limits hold after reading.

use base64::prelude::{Engine, BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use hihichat::archive::entry;
use hihichat::auth::cookie::{self, Transport};
use hihichat::auth::token::{Keys, SigningKey};
use hihichat::domain::address::ClientAddress;
use hihichat::domain::id::{InviteToken, Seq};
use hihichat::domain::listing::ListPlace;
use hihichat::domain::reaction::Reaction;
use hihichat::domain::text::{Description, MessageText, PersonKey, PersonName, RoomKey, RoomName};
use hihichat::http::route;
use hihichat::protocol::account::{ChangePassword, DeleteAccount, LogIn, Recover, Register, Reset};
use hihichat::protocol::client::{ClientFrame, CreateRoom, EditRoom, EnterAsGuest, Join, MakeInvite};
use hihichat::protocol::cursor;
use hihichat::protocol::entry::{NewEntry, Revise, Send, Wanted};
use hihichat::redis::reply;
use hihichat::room::call::Asked;
use hmac::{Hmac, KeyInit, Mac};
use serde::{de::DeserializeOwned, Serialize};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

/// A name, which is a fuzz target's too, and what holds of any input.
pub type Claim = (&'static str, fn(&str));

/// All of them.
pub const CLAIMS: [Claim; 8] = [
    ("frame", frame),
    ("body", body),
    ("name", name),
    ("token", token),
    ("cookie", cookie),
    ("reply", reply),
    ("cursor", cursor),
    ("address", address),
];

/// A frame on a socket, and the same as the body of a request.
pub fn frame(input: &str) {
    if let Ok(frame) = ClientFrame::parse(input) {
        assert_eq!(ClientFrame::parse(&written(&frame).to_string()), Ok(frame.clone()));
        let entry = NewEntry::parse(input);
        assert_eq!(entry.ok(), if let ClientFrame::Entry(entry) = frame { Some(entry) } else { None });
    }
    // What an object takes a call for; only the Worker makes them.
    let _ = Asked::from_header(input);
}

fn written(frame: &ClientFrame) -> Value {
    let entry = match frame {
        ClientFrame::Read { seq } => return json!({ "type": "read", "seq": seq }),
        ClientFrame::Since { seq } => return json!({ "type": "since", "seq": seq }),
        ClientFrame::Typing => return json!({ "type": "typing" }),
        ClientFrame::Entry(entry) => entry,
    };
    match entry {
        NewEntry::Send(Send { id, text, reply_to, mentions }) => {
            assert!(text.as_str().chars().count() <= 4_000 && id.as_str().len() <= 64 && mentions.len() <= 20);
            let mut frame = json!({ "type": "send", "id": id, "text": text, "mentions": mentions });
            if let Some(seq) = reply_to {
                frame["reply_to"] = json!(seq);
            }
            frame
        }
        NewEntry::Revise(Revise { id, target, change }) => match change {
            Wanted::Edit(text, mentions) => {
                json!({ "type": "edit", "id": id, "seq": target, "text": text, "mentions": mentions })
            }
            Wanted::Delete => json!({ "type": "delete", "id": id, "seq": target }),
            Wanted::React(reaction, on) => {
                let (_, emoji) = Reaction::ALL.iter().find(|(other, _)| other == reaction).expect("it is one of them");
                json!({ "type": "react", "id": id, "seq": target, "reaction": emoji, "on": on })
            }
        },
    }
}

/// The body of each request.
pub fn body(input: &str) {
    if let Ok(EnterAsGuest { name }) = EnterAsGuest::parse(input) {
        self::name(name.as_str());
    }
    if let Ok(room) = CreateRoom::parse(input) {
        let CreateRoom { name, description, access } = &room;
        let again = json!({ "name": name, "description": description, "access": access });
        assert_eq!(CreateRoom::parse(&again.to_string()), Ok(room.clone()));
    }
    let _ = (EditRoom::parse(input), MakeInvite::parse(input), Join::parse(input), Send::parse(input));
    let _ = (Register::parse(input).is_ok(), LogIn::parse(input).is_ok(), ChangePassword::parse(input).is_ok());
    let _ = (DeleteAccount::parse(input).is_ok(), Recover::parse(input).is_ok(), Reset::parse(input).is_ok());
}

/// Names, descriptions, messages, what is searched for.
pub fn name(input: &str) {
    let is_line = |text: &str| !text.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
    if let Ok(name) = PersonName::parse(input) {
        let text = name.as_str();
        assert!((1..=32).contains(&text.chars().count()) && is_line(text), "{text:?}");
        assert_eq!(PersonName::parse(text), Ok(name.clone()));
        assert_eq!(PersonKey::try_from(name.key().as_str().to_owned()), Ok(name.key()));
        name.skeleton();
    }
    if let Ok(name) = RoomName::parse(input) {
        let text = name.as_str();
        assert!((1..=64).contains(&text.chars().count()) && is_line(text), "{text:?}");
        assert_eq!(RoomName::parse(text), Ok(name.clone()));
        assert_eq!(RoomKey::try_from(name.key().as_str().to_owned()), Ok(name.key()));
        name.skeleton();
    }
    if let Ok(description) = Description::parse(input) {
        let text = description.as_str();
        assert!(text.chars().count() <= 280 && is_line(text), "{text:?}");
        assert_eq!(Description::parse(text), Ok(description.clone()));
    }
    if let Ok(message) = MessageText::parse(input) {
        assert!((1..=4_000).contains(&message.as_str().chars().count()));
        assert_eq!(MessageText::parse(message.as_str()), Ok(message.clone()));
    }
    if let Ok(wanted) = hihichat::domain::text::Wanted::parse(input) {
        assert!(wanted.words().iter().all(|word| !word.is_empty()));
    }
    let shown = PersonName::shown(input);
    assert!((1..=32).contains(&shown.as_str().chars().count()) && is_line(shown.as_str()), "{shown:?}");
}

const SECRET: [u8; 32] = [7; 32];

/// A token as it comes, which nobody can have signed; and one whose content is this, signed.
pub fn token(input: &str) {
    let keys = Keys { current: SigningKey::new(SECRET.to_vec()).expect("long enough"), previous: None };
    assert_eq!(keys.check(input, 0), None);
    let id: String = Sha256::digest(SECRET).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let signed = format!("{id}.{}", BASE64_URL_SAFE_NO_PAD.encode(input));
    let mut mac = Hmac::<Sha256>::new_from_slice(&SECRET).expect("any length will do");
    mac.update(signed.as_bytes());
    let token = format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    if let Some(viewer) = keys.check(&token, 0) {
        let again = keys.sign(&viewer).expect("it was read");
        assert_eq!(keys.check(&again, 0), Some(viewer.clone()));
        assert_eq!(keys.check(&again, viewer.expires), None);
    }
}

/// A `Cookie` header.
pub fn cookie(input: &str) {
    for transport in [Transport::Secure, Transport::Loopback, Transport::Open] {
        if let Some(token) = cookie::read(input, transport) {
            assert!(input.contains(token) && !token.contains(';') && token.trim() == token, "{token:?}");
            let [kept, _] = cookie::keep(token, 1_000, transport);
            assert_eq!(cookie::read(&kept, transport), Some(token));
        }
    }
}

/// What Redis answers, and what lies in it.
pub fn reply(input: &str) {
    for status in [200, 400, 401, 429, 500] {
        if let Ok(value) = reply::one(status, input) {
            assert_eq!(status, 200);
            let object: Value = serde_json::from_str(input).expect("it was read");
            assert!(!object["error"].is_string(), "an error is no value");
            assert_eq!(reply::one(200, &json!({ "result": value }).to_string()), Ok(value));
        }
        if let Ok(results) = reply::list(status, input, 2) {
            assert_eq!(results.len(), 2);
        }
    }
    for score in ["1500000000.5", input] {
        if let Some(entry) = entry::read(input, score) {
            name(entry.author.name.as_str());
            assert!(entry.text.chars().count() <= 16_000);
        }
    }
}

/// A cursor as it comes, and one that holds this.
pub fn cursor(input: &str) {
    fn place<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(input: &str) {
        for text in [input.to_owned(), BASE64_URL_SAFE_NO_PAD.encode(input)] {
            if let Ok(place) = cursor::read::<T>(&text) {
                assert_eq!(cursor::read(&cursor::write(&place)), Ok(place));
            }
        }
    }
    place::<i64>(input);
    place::<Seq>(input);
    place::<ListPlace>(input);
    assert!(input.is_empty() || cursor::read::<i64>(&format!("{}!", BASE64_STANDARD.encode(input))).is_err());
    let _ = InviteToken::try_from(input.to_owned());
}

/// A path and a query, and the address somebody asks from.
pub fn address(input: &str) {
    let (path, query) = input.split_once('?').unwrap_or((input, input));
    for path in [path.to_owned(), format!("/api/rooms/{path}"), format!("/api/rooms/{path}/messages")] {
        if let Ok(target) = route::parse(&path, query) {
            let query = target.query;
            let _ = (query.of_me(), query.since(), query.search());
            if let Ok(route::Messages::Before(_, limit)) = query.messages() {
                assert!((1..=100).contains(&limit), "{limit}");
            }
        }
    }
    let _ = ClientAddress::parse(input);
}
