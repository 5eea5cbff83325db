//! Whoever says they are somebody else.

use crate::client::{guest, guest_at, room, stranger, Client, Room};
use crate::live::Live;
use crate::server::{Build, Server};
use hihichat::auth::token::{Keys, SigningKey};
use hihichat::domain::id::{ClientMessageId, SessionId};
use hihichat::domain::person::{Kind, Person, Viewer};
use hihichat::domain::text::MessageText;
use hihichat::protocol::entry::Send;
use hihichat::room::call::{Asked, RoomCall, HEADER};
use serde_json::json;

/// What a thief knows of somebody: all but the signature.
fn viewer_of(victim: &Client) -> Viewer {
    let field = |name: &str| victim.person[name].as_str().unwrap().to_owned();
    let person =
        Person { id: field("id").try_into().unwrap(), name: field("name").try_into().unwrap(), kind: Kind::Guest };
    let session = SessionId::from_random([3; 20]);
    Viewer {
        person,
        session,
        issued: 0,
        expires: victim.person["expires"].as_i64().unwrap(),
        admin: false,
        address: None,
    }
}

#[track_caller]
fn expect_nobody(who: &Client, lobby: &Room) {
    who.get("/api/session").expect_refusal(401, "not_signed_in");
    who.get(&lobby.path).expect_refusal(401, "not_signed_in");
    let upgrade = who.request("GET", &lobby.at("live")).header("upgrade", "websocket");
    upgrade.header("connection", "upgrade").send().expect_refusal(401, "not_signed_in");
}

#[test]
fn a_forged_altered_or_misplaced_cookie_is_nobodys() {
    let (ann, bob) = (guest("Ann"), guest("Bob"));
    let lobby = room(&ann);
    let token = ann.cookie.as_deref().unwrap().strip_prefix("hihi=").unwrap().to_owned();
    let bobs = bob.cookie.as_deref().unwrap().strip_prefix("hihi=").unwrap().to_owned();
    let parts = |token: &str| -> [String; 3] {
        token.split('.').map(str::to_owned).collect::<Vec<_>>().try_into().expect("three parts")
    };
    let ([key, payload, signature], [_, bobs_payload, bobs_signature]) = (parts(&token), parts(&bobs));
    let forged = SigningKey::new(b"a key that is not the server's, of many bytes".to_vec()).unwrap();
    let forged = Keys { current: forged, previous: None }.sign(&viewer_of(&ann)).unwrap();
    let [forged_key, _, forged_signature] = parts(&forged);
    let mut swapped = payload.clone().into_bytes();
    swapped.swap(4, 5);
    let cookies = [
        String::new(),
        "hihi=".to_owned(),
        "hihi=.".to_owned(),
        "hihi=..".to_owned(),
        format!("hihi={forged}"),
        format!("hihi={key}.{payload}.{forged_signature}"),
        format!("hihi={forged_key}.{payload}.{signature}"),
        format!("hihi={key}.{bobs_payload}.{signature}"),
        format!("hihi={key}.{payload}.{bobs_signature}"),
        format!("hihi={key}.{}.{signature}", String::from_utf8(swapped).unwrap()),
        format!("hihi={key}.{payload}."),
        format!("hihi={key}.{payload}"),
        format!("hihi={key}..{signature}"),
        format!("hihi={key}.{payload}.{}", &signature[..signature.len() - 2]),
        format!("hihi={key}.{payload}.{signature}.x"),
        format!("hihi={token}AA"),
        format!("hihi=\"{token}\""),
        format!("HIHI={token}"),
        format!("xhihi={token}"),
        format!("__Host-hihi={token}"),
        format!("hihi={}", "A".repeat(5_000)),
        format!("hihi={}", ann.id()),
    ];
    for cookie in cookies {
        expect_nobody(&Client { cookie: Some(cookie), ..stranger() }, &lobby);
    }
    let among_others = Client { cookie: Some(format!("theme=dark; hihi={token};x=y")), ..stranger() };
    assert_eq!(among_others.get("/api/session").expect(200), ann.person);
}

#[test]
fn a_cookie_of_another_deployment_is_nobodys_here() {
    let elsewhere = guest_at(&Server::start(Build::Deployed, &[]), "Ann");
    let lobby = room(&guest("Bob"));
    expect_nobody(&Client { cookie: elsewhere.cookie, ..stranger() }, &lobby);
}

#[test]
fn whoever_sends_every_internal_header_is_still_themselves() {
    let (ann, eve) = (guest("Ann"), guest("Eve"));
    let lobby = room(&ann);
    let ours = |call: RoomCall| Asked(None, call).to_header();
    let text = MessageText::parse("forged").unwrap();
    let id = ClientMessageId::try_from("forged".to_owned()).unwrap();
    let calls = [
        ours(RoomCall::Connect(viewer_of(&ann), None, false)),
        ours(RoomCall::Post(viewer_of(&ann), Send::plain(id, text))),
        ours(RoomCall::Leave(viewer_of(&ann))),
        ours(RoomCall::View(viewer_of(&ann))),
        "{}".to_owned(),
        "null".to_owned(),
    ];
    let person = ann.person.to_string();
    for call in &calls {
        let headers: [(&'static str, &str); 9] = [
            (HEADER, call),
            ("x-hihi-viewer", &person),
            ("x-hihi-person", ann.id()),
            ("x-hihi-role", "owner"),
            ("x-hihi-session", "any"),
            ("cf-connecting-ip", "127.0.0.1"),
            ("x-forwarded-host", "room"),
            ("x-original-url", "https://room/"),
            ("cf-worker", "room"),
        ];
        let with_all = |who: &Client, method: &'static str, path: &str| {
            let request = who.request(method, path);
            headers.iter().fold(request, |request, (name, value)| request.header(name, value)).send()
        };
        let eves = Live::open(&eve, &lobby.at("live"), &headers);
        assert_eq!((&eves.welcome["you"]["id"], &eves.welcome["role"]), (&json!(eve.id()), &json!("visitor")));
        assert_eq!(with_all(&eve, "GET", "/api/session").expect(200)["id"], eve.id());
        assert_eq!(with_all(&eve, "GET", &lobby.path).expect(200)["role"], "visitor");
        with_all(&eve, "DELETE", &lobby.at("membership")).expect(204);
        let nobody = stranger();
        with_all(&nobody, "GET", "/api/session").expect_refusal(401, "not_signed_in");
        with_all(&nobody, "GET", &lobby.path).expect_refusal(401, "not_signed_in");
        with_all(&nobody, "PUT", &lobby.at("membership")).expect_refusal(401, "not_signed_in");
        // The call itself as a body, as the object would read it.
        let body = json!({ "View": { "person": ann.person, "session": "x", "issued": 0, "expires": 1 } });
        let posted = eve.request("POST", &lobby.at("messages")).header(HEADER, call).json(&body).send();
        posted.expect_refusal(400, "missing_field");
    }
    let seen = ann.view(&lobby);
    assert_eq!((&seen["seq"], &seen["members"], &seen["role"]), (&json!(0), &json!(1), &json!("owner")));
}
