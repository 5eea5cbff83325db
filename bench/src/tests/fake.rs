//! A server that speaks like the plain contestants and spoils one delivery, on purpose.

use serde_json::{json, Value};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use tungstenite::protocol::Role;
use tungstenite::{Message, WebSocket};

/// What is done to the fifth message on its way to the first client; `Nothing` to none.
#[derive(Clone, Copy, PartialEq)]
pub enum Spoil {
    Nothing,
    Lose,
    Double,
    /// It comes after the sixth.
    Swap,
    /// It and the sixth come under each other's Seq.
    Misplace,
    AlterText,
    /// Under an id that nobody gave.
    AlterId,
    /// It comes, and its sender is not told that it was taken.
    NoAck,
    /// The whole server stands still for so long before it says it to anybody.
    Stall(Duration),
}

const SPOILT: u64 = 5;

struct Hub {
    spoil: Spoil,
    seq: u64,
    sockets: Vec<WebSocket<TcpStream>>,
    held: Option<String>,
}

/// Starts one; it ends with the program.
pub fn start(spoil: Spoil) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let hub = Arc::new(Mutex::new(Hub { spoil, seq: 0, sockets: Vec::new(), held: None }));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let mut socket = tungstenite::accept(stream.try_clone().unwrap()).unwrap();
            let mut hub_now = hub.lock().unwrap();
            let number = hub_now.sockets.len();
            hub_now.sockets.push(WebSocket::from_raw_socket(stream, Role::Server, None));
            drop(hub_now);
            let hub = Arc::clone(&hub);
            thread::spawn(move || {
                while let Ok(Message::Text(text)) = socket.read() {
                    hub.lock().unwrap().take(number, &serde_json::from_str(&text).unwrap());
                }
            });
        }
    });
    address
}

impl Hub {
    fn take(&mut self, sender: usize, frame: &Value) {
        self.seq += 1;
        let spoilt = self.seq == SPOILT;
        if let (true, Spoil::Stall(time)) = (spoilt, self.spoil) {
            thread::sleep(time);
        }
        if !(spoilt && self.spoil == Spoil::NoAck) {
            let ack = json!({ "type": "ack", "id": frame["id"], "seq": self.seq }).to_string();
            self.say(sender, ack);
        }
        let message = json!({ "type": "message", "seq": self.seq, "id": frame["id"], "text": frame["text"] });
        for client in 0..self.sockets.len() {
            match client {
                0 => self.spoil(message.clone()),
                _ => self.say(client, message.to_string()),
            }
        }
    }

    fn spoil(&mut self, mut message: Value) {
        let spoilt = self.seq == SPOILT;
        match self.spoil {
            Spoil::Lose if spoilt => return,
            Spoil::Double if spoilt => self.say(0, message.to_string()),
            Spoil::Swap if spoilt => {
                self.held = Some(message.to_string());
                return;
            }
            Spoil::Misplace if spoilt => message["seq"] = json!(SPOILT + 1),
            Spoil::Misplace if self.seq == SPOILT + 1 => message["seq"] = json!(SPOILT),
            Spoil::AlterText if spoilt => message["text"] = json!("What nobody has said."),
            Spoil::AlterId if spoilt => message["id"] = json!("nobodys-5"),
            _ => {}
        }
        self.say(0, message.to_string());
        if let Some(held) = self.held.take() {
            self.say(0, held);
        }
    }

    fn say(&mut self, client: usize, text: String) {
        self.sockets[client].send(Message::text(text)).unwrap();
    }
}
