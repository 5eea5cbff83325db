//! Frames from the room, read. The same Entry goes to many clients in the same words: it is read once and shared.

use crate::history::{Entry, Seq, State, What};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What a frame means to a client of ours.
#[derive(Clone)]
pub enum Frame {
    Welcome {
        seq: Seq,
        epoch: String,
    },
    Entry(Arc<Entry>),
    Ack {
        id: String,
        seq: Seq,
        at: i64,
    },
    Gap {
        epoch: String,
        from: Seq,
        to: Seq,
        reason: String,
    },
    Error {
        code: String,
        id: Option<String>,
        retry_after: u64,
    },
    /// Nothing that the checker judges.
    Other,
}

/// Entries that were read before, by their words.
#[derive(Default)]
pub struct Frames(Mutex<HashMap<String, Arc<Entry>>>);

impl Frames {
    /// Reads a frame, or the frames that came as one; the error is what makes no sense.
    pub fn read(&self, text: &str) -> Result<Vec<Frame>, String> {
        if let Some(known) = self.0.lock().unwrap().get(text) {
            return Ok(vec![Frame::Entry(Arc::clone(known))]);
        }
        let mut value: Value = serde_json::from_str(text).map_err(|error| format!("{error} in {text}"))?;
        if value["type"] != "batch" {
            return Ok(vec![self.read_one(text, &value)?]);
        }
        let Value::Array(frames) = value["frames"].take() else { return Err(format!("a batch of nothing: {text}")) };
        let (few, nested) = (frames.len() < 2, frames.iter().any(|frame| frame["type"] == "batch"));
        if few || nested {
            return Err(format!("no batch: {text}"));
        }
        frames.iter().map(|frame| self.read_one(&frame.to_string(), frame)).collect()
    }

    fn read_one(&self, text: &str, value: &Value) -> Result<Frame, String> {
        let frame = frame(value).ok_or_else(|| format!("can't be read: {text}"))?;
        if let Frame::Entry(entry) = &frame {
            self.0.lock().unwrap().insert(text.to_owned(), Arc::clone(entry));
        }
        Ok(frame)
    }
}

fn frame(value: &Value) -> Option<Frame> {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    let number = |name: &str| value[name].as_u64();
    Some(match value["type"].as_str()? {
        "welcome" => Frame::Welcome { seq: number("seq")?, epoch: text("epoch")? },
        "message" | "edited" | "deleted" | "reacted" => Frame::Entry(Arc::new(entry(value)?)),
        "ack" => Frame::Ack { id: text("id")?, seq: number("seq")?, at: value["at"].as_i64()? },
        // `to` may be one less than `from`, and `from` is at least 1.
        "gap" => {
            Frame::Gap { epoch: text("epoch")?, from: number("from")?, to: number("to")?, reason: text("reason")? }
        }
        "error" => {
            Frame::Error { code: text("code")?, id: text("id"), retry_after: number("retry_after").unwrap_or(1) }
        }
        _ => Frame::Other,
    })
}

/// An Entry, from its frame.
pub fn entry(value: &Value) -> Option<Entry> {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    let target = || value["target"].as_u64();
    let (maker, what) = match value["type"].as_str()? {
        "message" => ("author", What::Message(state(text("text")?, value)?)),
        "edited" => ("by", What::Edited { target: target()?, text: text("text")? }),
        "deleted" => ("by", What::Deleted { target: target()? }),
        "reacted" => {
            let (reaction, on) = (text("reaction")?, value["on"].as_bool()?);
            ("by", What::Reacted { target: target()?, reaction, on })
        }
        _ => return None,
    };
    let author = value[maker]["id"].as_str()?.to_owned();
    Some(Entry { seq: value["seq"].as_u64()?, at: value["at"].as_i64()?, author, id: text("id")?, what })
}

/// A message as it is now; `about` has what there is to know beside its text.
pub fn state(text: String, about: &Value) -> Option<State> {
    let mut state =
        State { text, edited: about["edited"].as_i64(), deleted: about["deleted"].as_i64(), ..State::default() };
    for one in about["reactions"].as_array().into_iter().flatten() {
        for person in one["people"].as_array()? {
            state.reactions.insert((one["reaction"].as_str()?.to_owned(), person["id"].as_str()?.to_owned()));
        }
    }
    Some(state)
}
