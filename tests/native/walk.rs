//! A random walk through a room's life: joins, sends, edits, deletions, reactions, repeats, cuts, sleeps, resets in the middle, a clock that jumps.
//! After each step the invariants of the log and of every client's timeline are checked.

use crate::support::world::*;
use hihichat::domain::id::{Epoch, Seq};
use hihichat::domain::person::{Named, Viewer};
use hihichat::protocol::server::{About, Message, Reactions, Revision, ServerFrame};
use hihichat::room::attachment::ConnectionId;
use hihichat::room::core::Since;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: usize = 4;

#[derive(Debug, Clone)]
enum Step {
    Connect(usize),
    Cut(usize),
    Send(usize),
    /// Sends the last message again, as after a lost ack.
    Again(usize),
    Post(usize),
    /// Changes one of the last messages, whosesoever: edits, deletes or reacts.
    Revise(usize, usize, Kind),
    /// Makes the last change again, as after a lost ack.
    ReviseAgain(usize),
    Join(usize),
    Leave(usize),
    Sleep,
    /// The log takes a message, and the isolate is reset before anything is sent.
    SendAndReset(usize),
    Pass(i64),
    ClockBack,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Edit,
    Delete,
    React(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    let kind = prop_oneof![Just(Kind::Edit), Just(Kind::Delete), any::<bool>().prop_map(Kind::React)];
    prop_oneof![
        3 => who.clone().prop_map(Step::Connect),
        2 => who.clone().prop_map(Step::Cut),
        6 => who.clone().prop_map(Step::Send),
        2 => who.clone().prop_map(Step::Again),
        1 => who.clone().prop_map(Step::Post),
        4 => (who.clone(), 1usize..6, kind).prop_map(|(who, back, kind)| Step::Revise(who, back, kind)),
        1 => who.clone().prop_map(Step::ReviseAgain),
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
    /// The places of all Entries that arrived.
    entries: BTreeSet<i64>,
    /// The last change that was asked for.
    revised: Option<String>,
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
            entries: BTreeSet::new(),
            revised: None,
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
                        let identity = |one: &Message| (one.at, one.id.clone(), one.author.clone());
                        assert_eq!(identity(&known), identity(&message), "one Seq, two messages");
                    }
                    hole |= self.arrived(seq);
                }
                ServerFrame::Edited(edited) => {
                    let Revision { seq, at, target, .. } = edited.revision;
                    if let Some(message) = self.timeline.get_mut(&target.0).filter(|one| one.about.deleted.is_none()) {
                        (message.text, message.about.edited) = (edited.text, Some(at));
                    }
                    hole |= self.arrived(seq.0);
                }
                ServerFrame::Deleted(deleted) => {
                    let Revision { seq, at, target, .. } = deleted.revision;
                    if let Some(message) = self.timeline.get_mut(&target.0) {
                        message.text.clear();
                        message.about = About { deleted: Some(at), ..About::default() };
                    }
                    hole |= self.arrived(seq.0);
                }
                ServerFrame::Reacted(reacted) => {
                    let Revision { seq, target, ref by, .. } = reacted.revision;
                    if let Some(message) = self.timeline.get_mut(&target.0).filter(|one| one.about.deleted.is_none()) {
                        let reactions = &mut message.about.reactions;
                        for one in reactions.iter_mut() {
                            one.people.retain(|person| person.id != by.id);
                        }
                        if reacted.on && reactions.is_empty() {
                            reactions.push(Reactions { reaction: reacted.reaction, people: vec![] });
                        }
                        if reacted.on {
                            reactions[0].people.push(Named { id: by.id.clone(), name: by.name.clone() });
                        }
                        reactions.retain(|one| !one.people.is_empty());
                    }
                    hole |= self.arrived(seq.0);
                }
                _ => {}
            }
        }
        hole
    }

    /// An Entry has come. Says whether one before it is missing.
    fn arrived(&mut self, seq: i64) -> bool {
        self.entries.insert(seq);
        while self.entries.contains(&(self.whole_to + 1)) {
            self.whole_to += 1;
        }
        seq > self.whole_to
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
            Step::Revise(who, back, kind) => self.revise(who, back, kind),
            Step::ReviseAgain(who) => {
                if let (Some(connection), Some(frame)) = (self.clients[who].connection, &self.clients[who].revised) {
                    self.world.frame(connection, frame);
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

    fn revise(&mut self, who: usize, back: usize, kind: Kind) {
        let log = self.log();
        let Some(target) = log.iter().rev().nth(back - 1).map(|message| message.seq) else { return };
        let id = self.clients[who].fresh().0;
        let frame = match kind {
            Kind::Edit => serde_json::json!({ "type": "edit", "id": id, "seq": target, "text": format!("edit {id}") }),
            Kind::Delete => serde_json::json!({ "type": "delete", "id": id, "seq": target }),
            Kind::React(on) => {
                serde_json::json!({ "type": "react", "id": id, "seq": target, "reaction": "👍", "on": on })
            }
        };
        if let Some(connection) = self.clients[who].connection {
            self.world.frame(connection, &frame.to_string());
            self.clients[who].revised = Some(frame.to_string());
        }
    }

    fn log(&self) -> Vec<Message> {
        self.world.core.log().after(Seq(0), 10_000).unwrap()
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
        let entries = self.world.core.log().entries_after(Seq(0), 10_000).unwrap();
        for (place, entry) in entries.iter().enumerate() {
            assert_eq!(entry.seq().0, place as i64 + 1, "Seq goes 1, 2, 3");
        }
        assert!(entries.windows(2).all(|pair| pair[0].at() < pair[1].at()), "time rises with Seq");
        let log = self.log();
        let mut ids: Vec<_> = log.iter().map(|message| (message.author.id.clone(), message.id.clone())).collect();
        ids.sort();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "one ClientMessageId, one message");
        let reading = self.world.core.log().messages_up_to(Seq(entries.len() as i64)).unwrap();
        assert_eq!(reading, log.len() as i64, "messages are counted without their revisions");
        for client in &self.clients {
            for seq in client.timeline.keys() {
                assert!(log.iter().any(|message| message.seq.0 == *seq), "told of what the log does not have");
            }
            for (id, seq) in &client.acked {
                let entry = &entries[*seq as usize - 1];
                assert_eq!((entry.id().as_str(), entry.author()), (id.as_str(), &client.viewer.person.id));
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
        let log = self.log();
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
