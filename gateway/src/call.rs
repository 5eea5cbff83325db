//! What a request asks for: one command, or several.

use crate::refusal::Refusal;
use axum::http::{Method, StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde_json::value::RawValue;

/// A command's name and arguments, as they go to Redis.
pub struct Command(pub Vec<Vec<u8>>);

/// The commands of one request.
pub enum Call {
    /// `POST /` with one array, or `/NAME/ARGUMENT…`.
    One(Command),
    /// `POST /pipeline`: in order, each for itself.
    Pipeline(Vec<Command>),
    /// `POST /multi-exec`: all at once or none.
    Transaction(Vec<Command>),
}

impl Call {
    /// Reads a request. Errors: 405 for a method that the protocol has not, 400 for what can't be read as a command.
    pub fn parse(method: &Method, uri: &Uri, body: &[u8]) -> Result<Self, Refusal> {
        if ![Method::HEAD, Method::GET, Method::POST, Method::PUT].contains(method) {
            return Err(Refusal::of(StatusCode::METHOD_NOT_ALLOWED));
        }
        match uri.path() {
            "/" => Command::of_json(body).map(Self::One),
            "/pipeline" => several(body, "pipeline").map(Self::Pipeline),
            "/multi-exec" => several(body, "multi-exec").map(Self::Transaction),
            path => Ok(Self::One(Command::of_path(path, uri.query().unwrap_or_default(), body))),
        }
    }

    pub fn commands(&self) -> &[Command] {
        match self {
            Self::One(command) => std::slice::from_ref(command),
            Self::Pipeline(commands) | Self::Transaction(commands) => commands,
        }
    }
}

impl Command {
    /// In capitals.
    pub fn name(&self) -> String {
        let name = self.0.first().map(Vec::as_slice).unwrap_or_default();
        String::from_utf8_lossy(name).to_ascii_uppercase()
    }

    /// In bytes, all parts together.
    pub fn size(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    fn of_json(body: &[u8]) -> Result<Self, Refusal> {
        let parts = serde_json::from_slice(body).map_err(|_| Refusal::bad("ERR failed to parse command"))?;
        Self::of_parts(parts).ok_or_else(|| Refusal::bad("ERR failed to parse command"))
    }

    fn of_parts(parts: Vec<&RawValue>) -> Option<Self> {
        let parts: Vec<_> = parts.into_iter().map(argument).collect::<Option<_>>()?;
        (!parts.is_empty()).then_some(Self(parts))
    }

    /// A body is the last argument, and the query's parameters come after it:
    /// `POST /set/foo?EX=100` with `bar` is `SET foo bar EX 100`.
    fn of_path(path: &str, query: &str, body: &[u8]) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        let mut parts: Vec<Vec<u8>> = path.split('/').map(|part| percent_decode_str(part).collect()).collect();
        if !body.is_empty() {
            parts.push(body.to_vec());
        }
        for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "_token") {
            parts.push(name.into_owned().into_bytes());
            if !value.is_empty() {
                parts.push(value.into_owned().into_bytes());
            }
        }
        Self(parts)
    }
}

fn several(body: &[u8], what: &str) -> Result<Vec<Command>, Refusal> {
    let unreadable = || Refusal::bad(format!("ERR failed to parse {what} request"));
    let commands: Vec<Vec<&RawValue>> = serde_json::from_slice(body).map_err(|_| unreadable())?;
    if commands.is_empty() {
        return Err(Refusal::bad(format!("ERR empty {what} request")));
    }
    commands.into_iter().map(Command::of_parts).collect::<Option<_>>().ok_or_else(unreadable)
}

/// A string, or a number or truth value as it was written: 1.0 stays 1.0. Nothing else is an argument.
fn argument(part: &RawValue) -> Option<Vec<u8>> {
    let text = part.get();
    match text.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(text).ok().map(String::into_bytes),
        b'{' | b'[' | b'n' => None,
        _ => Some(text.as_bytes().to_vec()),
    }
}
