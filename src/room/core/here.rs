//! Who is connected: connections by number and by person, so that no join looks at all the others.

use crate::domain::id::PersonId;
use crate::domain::person::PersonView;
use crate::domain::time::Millis;
use crate::protocol::server::{People, PEOPLE_SHOWN};
use crate::room::attachment::{Connection, ConnectionId, ReadMarker, Standing};
use std::collections::BTreeMap;

/// The connections of a room. All connections of a person have the same standing.
#[derive(Debug, Default)]
pub(super) struct Here {
    connections: BTreeMap<ConnectionId, Connection>,
    people: BTreeMap<PersonId, Vec<ConnectionId>>,
    online: usize,
    /// No session of a connection expires before this. May be earlier than the first of them: its connection may have gone.
    first_expiry: Option<Millis>,
    /// Whom newcomers are shown, until one of those changes.
    shown: Option<People>,
}

impl Here {
    /// The connections that outlived a sleep.
    pub fn of(connections: Vec<Connection>) -> Self {
        let mut here = Self::default();
        for connection in connections {
            here.insert(connection);
        }
        here
    }

    /// Takes a connection. Says whether it is the first of its person.
    pub fn insert(&mut self, connection: Connection) -> bool {
        let theirs = self.people.entry(connection.person.id.clone()).or_default();
        let first = theirs.is_empty();
        theirs.push(connection.id);
        if first && connection.joined {
            self.online += 1;
        }
        self.show_anew(&connection.person.id);
        let expires = connection.expires;
        self.first_expiry = Some(self.first_expiry.map_or(expires, |first| first.min(expires)));
        self.connections.insert(connection.id, connection);
        first
    }

    /// Gives up a connection. Says whether it was the last of its person.
    pub fn remove(&mut self, id: ConnectionId) -> Option<(Connection, bool)> {
        let connection = self.connections.remove(&id)?;
        let theirs = self.people.entry(connection.person.id.clone()).or_default();
        theirs.retain(|other| *other != id);
        let last = theirs.is_empty();
        self.show_anew(&connection.person.id);
        if last {
            self.people.remove(&connection.person.id);
            if connection.joined {
                self.online -= 1;
            }
        }
        Some((connection, last))
    }

    pub fn get(&self, id: ConnectionId) -> Option<&Connection> {
        self.connections.get(&id)
    }

    pub fn all(&self) -> impl Iterator<Item = &Connection> {
        self.connections.values()
    }

    /// When the first session expires, or earlier.
    pub fn first_expiry(&self) -> Option<Millis> {
        self.first_expiry
    }

    /// The connections whose session has expired. Looks at all of them only when one may have.
    pub fn expired(&mut self, now: Millis) -> Vec<ConnectionId> {
        if self.first_expiry.is_none_or(|first| first > now) {
            return Vec::new();
        }
        let (over, open): (Vec<_>, Vec<_>) = self.connections.values().partition(|one| one.expires <= now);
        self.first_expiry = open.iter().map(|one| one.expires).min();
        over.iter().map(|one| one.id).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    /// How many connections there are.
    pub fn count(&self) -> usize {
        self.connections.len()
    }

    /// The connections of one person.
    pub fn of_person(&self, person: &PersonId) -> impl Iterator<Item = &Connection> {
        let theirs = self.people.get(person).into_iter().flatten();
        theirs.filter_map(|id| self.connections.get(id))
    }

    /// Gives all connections of a person another standing, and answers them.
    pub fn restand(&mut self, person: &PersonId, standing: Standing) -> Vec<Connection> {
        let was_online = self.is_online(person);
        self.show_anew(person);
        for id in self.people.get(person).into_iter().flatten() {
            if let Some(connection) = self.connections.get_mut(id) {
                connection.role = standing.role;
                connection.joined = standing.joined;
            }
        }
        match (was_online, self.is_online(person)) {
            (false, true) => self.online += 1,
            (true, false) => self.online -= 1,
            _ => {}
        }
        self.of_person(person).cloned().collect()
    }

    /// Gives all connections of a person another read marker, and answers them.
    pub fn mark(&mut self, person: &PersonId, marker: ReadMarker) -> Vec<Connection> {
        for id in self.people.get(person).into_iter().flatten() {
            if let Some(connection) = self.connections.get_mut(id) {
                connection.read = marker;
            }
        }
        self.of_person(person).cloned().collect()
    }

    /// How many members are connected.
    pub fn online(&self) -> usize {
        self.online
    }

    /// Whether this person is a member with a connection.
    pub fn is_online(&self, person: &PersonId) -> bool {
        self.of_person(person).next().is_some_and(|connection| connection.joined)
    }

    /// The members who are connected, as newcomers are shown them: at most [`PEOPLE_SHOWN`].
    pub fn shown(&mut self) -> People {
        let shown = self.shown.take().unwrap_or_else(|| People::new(self.online_people(PEOPLE_SHOWN)));
        self.shown.insert(shown).clone()
    }

    /// Something of this person has changed, who may be among those shown: those are the first by their ids.
    fn show_anew(&mut self, person: &PersonId) {
        let is_beyond = |shown: &People| {
            shown.all().len() == PEOPLE_SHOWN && shown.all().last().is_some_and(|last| last.id < *person)
        };
        self.shown = self.shown.take().filter(is_beyond);
    }

    /// Some of the members who are connected.
    pub fn online_people(&self, most: usize) -> Vec<PersonView> {
        let firsts = self.people.keys().filter_map(|person| self.of_person(person).next());
        firsts.filter(|one| one.joined).take(most).map(|one| PersonView::from(&one.person)).collect()
    }
}
