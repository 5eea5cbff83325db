//! The Directory's object, from outside it.

use super::ToObject;
use crate::deadline::within_limit;
use crate::directory::call::Call;
use crate::directory::client::Ask;
use crate::directory::DirectoryError;
use crate::domain::time::Millis;
use crate::json;
use crate::request;
use serde::de::DeserializeOwned;
use serde::Serialize;
use worker::{Env, Stub};

/// The one Directory object of this deployment.
pub struct Object {
    stub: Stub,
}

impl Object {
    /// Finds it; asks nothing yet.
    pub fn connect(env: &Env) -> Result<Self, DirectoryError> {
        let stub = env.durable_object("DIRECTORY").and_then(|objects| objects.get_by_name("directory"));
        stub.map(|stub| Self { stub }).map_err(DirectoryError::unavailable)
    }

    /// Asks what is not a question to the Directory itself.
    pub async fn call<T: DeserializeOwned>(&self, call: &ToObject) -> Result<T, DirectoryError> {
        let text = self.post(serde_json::to_string(call).map_err(DirectoryError::unavailable)?).await?;
        json::read(&text).map_err(DirectoryError::unavailable)
    }

    async fn post(&self, body: String) -> Result<String, DirectoryError> {
        let request = request::post("https://directory/", &body).map_err(DirectoryError::unavailable)?;
        let answer = async {
            let mut response = self.stub.fetch_with_request(request).await?;
            Ok::<_, worker::Error>((response.status_code(), response.text().await?))
        };
        match within_limit(answer)
            .await
            .ok_or_else(|| DirectoryError::unavailable("no answer in time"))?
            .map_err(DirectoryError::unavailable)?
        {
            (200, text) => Ok(text),
            (_, text) => Err(json::read(&text).unwrap_or_else(DirectoryError::unavailable)),
        }
    }
}

impl Ask for Object {
    async fn ask(&self, call: &Call, _now: Millis) -> Result<String, DirectoryError> {
        // The object has a clock of its own.
        self.post(serde_json::to_string(&Asked { directory: call }).map_err(DirectoryError::unavailable)?).await
    }
}

/// [`ToObject::Directory`], without a copy of the call.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Asked<'a> {
    directory: &'a Call,
}
