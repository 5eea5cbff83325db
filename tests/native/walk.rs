//! A random walk through a room's life: joins, sends, repeats, cuts, sleeps, resets in the middle, a clock that jumps.
//! After each step the invariants of the log and of every client's timeline are checked.

use crate::support::world::*;
use hihichat::domain::id::{Epoch, Seq};
use hihichat::domain::person::Viewer;
use hihichat::protocol::server::{Message, ServerFrame};
use hihichat::room::attachment::ConnectionId;
use hihichat::room::core::Since;
use proptest::prelude::*;
use std::collections::BTreeMap;

const PEOPLE: usize = 4;

#[derive(Debug, Clone)]
enum Step {
    Connect(usize),
    Cut(usize),
    Send(usize),
    /// Sends the last message again, as after a lost ack.
    Again(usize),
    Post(usize),
    Join(usize),
    Leave(usize),
    Sleep,
    /// The log takes a message, and the isolate is reset before anything is sent.
    SendAndReset(usize),
    Pass(i64),
    ClockBack,
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    prop_oneof![
        3 => who.clone().prop_map(Step::Connect),
        2 => who.clone().prop_map(Step::Cut),
        6 => who.clone().prop_map(Step::Send),
        2 => who.clone().prop_map(Step::Again),
        1 => who.clone().prop_map(Step::Post),
        1 => who.clone().prop_map(Step::Join),
        1 => who.clone().prop_map(Step::Leave),
        1 => Just(Step::Sleep),
        2 => who.prop_map(Step::SendAndReset),
        2 => (0..20_000i64).prop_map(Step::Pass),
        1 => Just(Step::ClockBack),
    ]
}

/// A client as a page is one: keeps its timeline over reconnects, drops what it has, asks when it sees a hole.
struct Client {
    viewer: Viewer,
    connection: Option<ConnectionId>,
    epoch: Option<Epoch>,
    /// Everything up to here is there, or was said to be left out.
    whole_to: i64,
    timeline: BTreeMap<i64, Message>,
    acked: BTreeMap<String, i64>,
    sent: Vec<(String, String)>,
}

impl Client {
    fn new(number: usize) -> Self {
        let viewer = if number == 0 { viewer("Ann", 1) } else { viewer(&format!("P{number}"), number as u8 + 1) };
        Self {
            viewer,
            connection: None,
            epoch: None,
            whole_to: 0,
            timeline: BTreeMap::new(),
            acked: BTreeMap::new(),
            sent: vec![],
        }
    }

    fn fresh(&mut self) -> (String, String) {
        let message = (format!("m{}", self.sent.len()), format!("text {}", self.sent.len()));
        self.sent.push(message.clone());
        message
    }

    /// Takes what arrived. Says whether there is a hole to ask about.
    fn take(&mut self, frames: Vec<ServerFrame>) -> bool {
        let mut hole = false;
        for frame in frames {
            match frame {
                ServerFrame::Welcome(welcome) => self.epoch = Some(welcome.epoch.clone()),
                ServerFrame::Gap(gap) => self.whole_to = self.whole_to.max(gap.to.0),
                ServerFrame::Ack(ack) => {
                    let before = self.acked.insert(ack.id.as_str().to_owned(), ack.seq.0);
                    assert!(before.is_none_or(|before| before == ack.seq.0), "one message, two acks");
                }
                ServerFrame::Message(message) => {
                    let seq = message.seq.0;
                    if let Some(known) = self.timeline.insert(seq, (*message).clone()) {
                        assert_eq!(known, *message, "one Seq, two contents");
                    }
                    if seq == self.whole_to + 1 {
                        self.whole_to = seq;
                        while self.timeline.contains_key(&(self.whole_to + 1)) {
                            self.whole_to += 1;
                        }
                    }
                    hole |= seq > self.whole_to;
                }
                _ => {}
            }
        }
        hole
    }
}

struct Walk {
    world: World,
    clients: Vec<Client>,
}

impl Walk {
    fn new() -> Self {
        Self { world: World::new(), clients: (0..PEOPLE).map(Client::new).collect() }
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Connect(who) => self.connect(who),
            Step::Cut(who) => {
                if let Some(id) = self.clients[who].connection.take() {
                    self.world.cut(id);
                }
            }
            Step::Send(who) => {
                let message = self.clients[who].fresh();
                self.say(who, &message);
            }
            Step::Again(who) => {
                if let Some(message) = self.clients[who].sent.last().cloned() {
                    self.say(who, &message);
                }
            }
            Step::Post(who) => {
                let (id, text) = self.clients[who].fresh();
                let viewer = self.clients[who].viewer.clone();
                if let Ok((ack, _, effects)) = self.world.core.post(&viewer, &send(&id, &text), self.world.now) {
                    self.clients[who].acked.insert(id, ack.seq.0);
                    self.world.perform(effects);
                }
            }
            Step::Join(who) => self.world.join(&self.clients[who].viewer.clone()),
            Step::Leave(who) => self.world.leave(&self.clients[who].viewer.clone()),
            Step::Sleep => self.world.sleep_and_wake(),
            Step::SendAndReset(who) => {
                let message = self.clients[who].fresh();
                self.world.losing = true;
                self.say(who, &message);
                self.world.sleep_and_wake();
            }
            Step::Pass(millis) => self.world.pass(millis),
            Step::ClockBack => self.world.now -= 3_600_000,
        }
        self.deliver();
        self.check();
    }

    fn connect(&mut self, who: usize) {
        if self.clients[who].connection.is_some() {
            return;
        }
        let client = &self.clients[who];
        let since = Since { seq: Seq(client.whole_to), epoch: client.epoch.clone() };
        let viewer = client.viewer.clone();
        self.clients[who].connection = Some(self.world.connect(&viewer, Some(since)));
    }

    fn say(&mut self, who: usize, (id, text): &(String, String)) {
        if let Some(connection) = self.clients[who].connection {
            self.world.say(connection, id, text);
        }
    }

    fn deliver(&mut self) {
        for who in 0..PEOPLE {
            let Some(id) = self.clients[who].connection else { continue };
            let frames = self.world.read(id);
            if self.clients[who].take(frames) {
                let ask = serde_json::json!({ "type": "since", "seq": self.clients[who].whole_to }).to_string();
                self.world.frame(id, &ask);
                let frames = self.world.read(id);
                assert!(!self.clients[who].take(frames), "a hole that was asked about is still there");
            }
        }
    }

    fn check(&self) {
        let log = self.world.core.log().after(Seq(0), 10_000).unwrap();
        for (place, message) in log.iter().enumerate() {
            assert_eq!(message.seq.0, place as i64 + 1, "Seq goes 1, 2, 3");
        }
        assert!(log.windows(2).all(|pair| pair[0].at < pair[1].at), "time rises with Seq");
        let mut ids: Vec<_> = log.iter().map(|message| (message.author.id.clone(), message.id.clone())).collect();
        ids.sort();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "one ClientMessageId, one message");
        for client in &self.clients {
            for (seq, message) in &client.timeline {
                assert_eq!(log.get(*seq as usize - 1), Some(message), "told of what the log does not have");
            }
            for (id, seq) in &client.acked {
                let message = &log[*seq as usize - 1];
                assert_eq!((message.id.as_str(), &message.author.id), (id.as_str(), &client.viewer.person.id));
            }
        }
        let joined = |client: &&Client| self.world.core.standing(&client.viewer, self.world.now).unwrap().joined;
        let members = self.clients.iter().filter(joined);
        let online = members.clone().filter(|client| client.connection.is_some()).count();
        assert_eq!(self.world.core.online(), online, "who is online");
        assert_eq!(self.world.core.log().members(), members.count() as i64, "how many members");
    }

    /// At last everybody comes back, and one more message shows whether anything is missing.
    fn end(&mut self) {
        for who in 0..PEOPLE {
            self.connect(who);
        }
        self.deliver();
        self.world.join(&self.clients[0].viewer.clone());
        self.step(&Step::Send(0));
        let log = self.world.core.log().after(Seq(0), 10_000).unwrap();
        for client in &self.clients {
            let timeline: Vec<_> = client.timeline.values().cloned().collect();
            assert_eq!(timeline, log, "{} has all of it", client.viewer.person.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_invariants_hold(steps in proptest::collection::vec(step(), 1..80)) {
        let mut walk = Walk::new();
        for step in &steps {
            walk.step(step);
        }
        walk.end();
    }
}
