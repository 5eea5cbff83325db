//! A JSON object from outside, taken apart field by field, so that each thing wrong with it has its own code.
//!
//! serde's derived readers say what is wrong in prose only; a client needs the field and the kind.

use super::code::{Code, Refusal};
use crate::domain::id::{ClientMessageId, PersonId, Seq};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The largest whole number that JavaScript and SQLite's binding hold exactly.
const LARGEST: i64 = (1 << 53) - 1;

/// The fields of one object, and which of them were asked for. What is taken leaves a null behind: to take a field out of the
/// map brings, for each message, all that puts a tree in order again.
#[derive(Debug)]
pub struct Fields {
    all: Map<String, Value>,
    asked: Vec<&'static str>,
}

impl Fields {
    /// Reads one JSON object.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        match serde_json::from_str(text) {
            Ok(Value::Object(all)) => Ok(Self { all, asked: Vec::new() }),
            _ => Err(Code::BadJson.into()),
        }
    }

    fn take(&mut self, field: &'static str) -> Option<Value> {
        self.asked.push(field);
        self.all.get_mut(field).map(Value::take)
    }

    /// Takes a text that must be there.
    pub fn text(&mut self, field: &'static str) -> Result<String, Refusal> {
        self.optional_text(field)?.ok_or_else(|| Refusal::from(Code::MissingField).of(field))
    }

    /// Takes a text that may be absent.
    pub fn optional_text(&mut self, field: &'static str) -> Result<Option<String>, Refusal> {
        match self.take(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::from(Code::WrongType).of(field)),
        }
    }

    /// Takes a whole number from 0 that may be absent.
    pub fn optional_number(&mut self, field: &'static str) -> Result<Option<i64>, Refusal> {
        match self.take(field) {
            None => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number @ 0..=LARGEST) => Ok(Some(number)),
                _ => Err(Refusal::from(Code::WrongType).of(field)),
            },
        }
    }

    /// Takes a yes or no that must be there.
    pub fn flag(&mut self, field: &'static str) -> Result<bool, Refusal> {
        match self.take(field) {
            None => Err(Refusal::from(Code::MissingField).of(field)),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(Refusal::from(Code::WrongType).of(field)),
        }
    }

    /// Takes a list of persons that may be absent.
    pub fn people(&mut self, field: &'static str, most: usize) -> Result<Vec<PersonId>, Refusal> {
        let wrong = || Refusal::from(Code::WrongType).of(field);
        let people = match self.take(field) {
            None => return Ok(Vec::new()),
            Some(Value::Array(people)) if people.len() > most => {
                return Err(Refusal { limit: Some(most), ..Refusal::from(Code::TooLong).of(field) });
            }
            Some(Value::Array(people)) => people,
            Some(_) => return Err(wrong()),
        };
        let person = |one| match one {
            Value::String(id) => PersonId::try_from(id).map_err(|_| Refusal::from(Code::UnknownPerson).of(field)),
            _ => Err(wrong()),
        };
        people.into_iter().map(person).collect()
    }

    /// Takes a Seq.
    pub fn seq(&mut self, field: &'static str) -> Result<Seq, Refusal> {
        let number = self.optional_number(field)?;
        number.map(Seq).ok_or_else(|| Refusal::from(Code::MissingField).of(field))
    }

    /// Takes a ClientMessageId.
    pub fn message_id(&mut self, field: &'static str) -> Result<ClientMessageId, Refusal> {
        ClientMessageId::try_from(self.text(field)?).map_err(|bad| Refusal::from(bad).of(field))
    }

    /// Nothing may be left over.
    pub fn end(self) -> Result<(), Refusal> {
        match self.all.keys().find(|name| !self.asked.contains(&name.as_str())) {
            None => Ok(()),
            // The name comes from outside, so only a short piece of it goes back.
            Some(name) => {
                let name: String = name.chars().take(32).collect();
                Err(Refusal::from(Code::UnknownField).of(Cow::Owned(name)))
            }
        }
    }
}
