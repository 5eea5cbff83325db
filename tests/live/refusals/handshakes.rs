//! Requests that no browser sends, byte for byte.

use crate::client::{guest, room, Client};
use crate::PATIENCE;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

/// Sends bytes and reads the first piece of the answer; nothing when the server only hangs up.
#[track_caller]
fn ask(who: &Client, request: &str) -> String {
    let mut stream = TcpStream::connect(who.server.authority()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // The server may answer and hang up before it has read all.
    let _ = stream.write_all(request.as_bytes());
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).unwrap_or_default();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

#[test]
fn a_handshake_that_is_none_opens_no_socket() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let cookie = ann.cookie.as_deref().unwrap();
    let upgrade = |method: &str, headers: &str, body: &str| {
        let host = ann.server.authority();
        let path = lobby.at("live");
        format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{headers}\r\n{body}")
    };
    const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const VERSION: &str = "Sec-WebSocket-Version: 13\r\n";
    const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    for (what, request) in [
        ("by POST", upgrade("POST", &format!("{UPGRADE}{KEY}{VERSION}Content-Length: 0\r\n"), "")),
        ("without a key", upgrade("GET", &format!("{UPGRADE}{VERSION}"), "")),
        ("of version 8", upgrade("GET", &format!("{UPGRADE}{KEY}Sec-WebSocket-Version: 8\r\n"), "")),
        ("without a connection header", upgrade("GET", &format!("Upgrade: h2c\r\n{KEY}{VERSION}"), "")),
        ("with a space before the colon", upgrade("GET", &format!("{UPGRADE}{KEY}{VERSION}X : y\r\n"), "")),
    ] {
        let answer = ask(&ann, &request);
        assert!(!answer.starts_with("HTTP/1.1 101"), "{what}: {answer}");
    }
    assert_eq!(ann.view(&lobby)["online"], 0);
    let good = upgrade("GET", &format!("{UPGRADE}{KEY}{VERSION}"), "");
    assert!(ask(&ann, &good).starts_with("HTTP/1.1 101"), "or the above proves nothing");
}

#[test]
fn a_header_of_200_kb_and_an_upgrade_with_a_body_open_no_socket_and_harm_nobody() {
    let ann = guest("Ann");
    let lobby = room(&ann);
    let mut anns = ann.connect(&lobby);
    let (host, cookie, path) = (ann.server.authority(), ann.cookie.as_deref().unwrap(), lobby.at("live"));
    let upgrade = |headers: &str, body: &str| {
        let fixed = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                     Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{fixed}{headers}\r\n{body}")
    };
    // Cloudflare's edge takes 128 KB of headers; what is left for the Worker is to look at those alone that it needs, and not
    // to mind.
    for (what, request) in [
        ("a header of 200 KB", upgrade(&format!("X: {}\r\n", "x".repeat(200_000)), "")),
        ("a second cookie of 200 KB", upgrade(&format!("Cookie: {}\r\n", "x".repeat(200_000)), "")),
        ("ten thousand headers", upgrade(&"X: y\r\n".repeat(10_000), "")),
        ("an endless path", format!("GET /{} HTTP/1.1\r\nHost: {host}\r\n\r\n", "x".repeat(200_000))),
    ] {
        println!("{what}: {:.30}", ask(&ann, &request));
        anns.says(what);
    }
    // What follows the handshake is frames, whatever its length was said to be: these bytes are none.
    ask(&ann, &upgrade("Content-Length: 10\r\n", "0123456789"));
    anns.says("still here");
    assert_eq!(ann.view(&lobby)["online"], 1);
}

#[test]
fn a_method_that_nobody_knows_is_none_and_no_get() {
    let ann = guest("Ann");
    let (host, cookie) = (ann.server.authority(), ann.cookie.as_deref().unwrap());
    let ask = |method: &str| {
        ask(&ann, &format!("{method} /api/session HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n"))
    };
    assert!(ask("GET").starts_with("HTTP/1.1 200"), "or the rest proves nothing");
    for (method, status) in [("PROPFIND", 405), ("SEARCH", 405), ("LOCK", 405), ("get", 501), ("GETS", 501)] {
        let answer = ask(method);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{method}: {answer}");
    }
}

#[test]
fn a_request_that_is_no_http_harms_nobody() {
    let ann = guest("Ann");
    for rubbish in [
        "\r\n\r\n",
        "GET\r\n\r\n",
        "\x16\x03\x01\x02\0\x01\0",
        "GET / HTTP/9.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        ask(&ann, rubbish);
    }
    let both = "POST /api/guest HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n";
    assert!(!ask(&ann, both).starts_with("HTTP/1.1 2"), "neither length is believed");
    ann.get("/api/session").expect(200);
}
