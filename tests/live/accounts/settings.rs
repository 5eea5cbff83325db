//! The deployer's settings, held by the server and not only by its pages.

use super::{account_at, register_as, registration, with_admin, SETUP_TOKEN};
use crate::client::{guest_at, new_name, stranger_at, Answer, Client};
use crate::server::{Build, Server};
use serde_json::json;

fn create(who: &Client) -> Answer {
    who.post("/api/rooms", &json!({ "name": new_name() }))
}

#[test]
fn what_the_deployer_says_is_there_before_anybody_enters() {
    let server = Server::start(
        Build::Deployed,
        &[
            ("SITE_WELCOME", "Be kind. 请友善。"),
            ("SITE_LINKS", "Rules https://a.example/rules; 帮助 https://b.example"),
            ("ROOM_CREATION", "accounts"),
        ],
    );
    let config = stranger_at(&server).get("/api/config").expect(200);
    assert_eq!(config["site_welcome"], "Be kind. 请友善。");
    let links = json!([
        { "label": "Rules", "url": "https://a.example/rules" },
        { "label": "帮助", "url": "https://b.example" },
    ]);
    assert_eq!(config["site_links"], links);
    assert_eq!((&config["guests"], &config["registration"]), (&json!(true), &json!(true)));
    assert_eq!(config["room_creation"], "accounts");
}

#[test]
fn without_guests_nobody_enters_by_a_name_alone() {
    let server = Server::start(Build::Deployed, &[("GUESTS", "off")]);
    let stranger = stranger_at(&server);
    assert_eq!(stranger.get("/api/config").expect(200)["guests"], false);
    stranger.post("/api/guest", &json!({ "name": "Ann" })).expect_refusal(403, "guests_off");
    create(&account_at(&server, "Ann").client).expect(201);
}

#[test]
fn where_registration_is_closed_only_an_admin_registers() {
    let (server, admin) = with_admin(&[("REGISTRATION", "closed")]);
    let stranger = stranger_at(&server);
    assert_eq!(stranger.get("/api/config").expect(200)["registration"], false);
    let mut body = registration("Ann", "first");
    stranger.post("/api/accounts", &body).expect_refusal(403, "registration_closed");
    body["setup_token"] = json!(SETUP_TOKEN);
    stranger.post("/api/accounts", &body).expect_refusal(403, "registration_closed");
    let bob = guest_at(&server, "Bob");
    bob.post("/api/accounts", &registration("Bob", "first")).expect_refusal(403, "registration_closed");
    create(&admin).expect(201);
}

#[test]
fn rooms_are_made_by_those_who_may() {
    let server = Server::start(Build::Deployed, &[("ROOM_CREATION", "accounts")]);
    let bob = guest_at(&server, "Bob");
    create(&bob).expect_refusal(403, "forbidden");
    create(&register_as(&bob, "Bob").client).expect(201);

    let (server, admin) = with_admin(&[("ROOM_CREATION", "admins")]);
    create(&guest_at(&server, "Bob")).expect_refusal(403, "forbidden");
    create(&account_at(&server, "Ann").client).expect_refusal(403, "forbidden");
    create(&admin).expect(201);
}

#[test]
fn without_an_answer_from_gravatar_the_drawn_picture_comes() {
    let server = Server::start(Build::Deployed, &[("AVATARS", "gravatar")]);
    let answer = stranger_at(&server).get("/avatar/Ann");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=604800"));
    assert!(answer.header("content-type").unwrap().starts_with("image/"));
}

#[test]
fn a_place_to_keep_rooms_is_taken_as_a_wish() {
    let server = Server::start(Build::Deployed, &[("LOCATION_HINT", "apac")]);
    create(&guest_at(&server, "Ann")).expect(201);
}
