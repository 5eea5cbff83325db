//! The redis-server behind.

use crate::call::Command;
use crate::refusal;
use redis::{AsyncConnectionConfig, Client, IntoConnectionInfo, Pipeline, RedisError, RedisResult, Value};

/// What came of one command: a value, or the text of an error.
pub type Outcome = Result<Value, String>;

/// Where it is. Each request has a connection of its own: nothing of one is seen by another, and a server that was gone
/// is found again at once.
pub struct Server {
    client: Client,
    config: AsyncConnectionConfig,
}

impl Server {
    /// Errors when the address is none.
    pub fn new(url: &str) -> RedisResult<Self> {
        let address = url.into_connection_info()?;
        let settings = address.redis_settings().clone().set_skip_set_lib_name();
        // How long a script may take is the caller's business.
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        Ok(Self { client: Client::open(address.set_redis_settings(settings))?, config })
    }

    /// One after the other, each with an outcome of its own. Errors when the server can't be reached.
    pub async fn run(&self, commands: &[&Command]) -> RedisResult<Vec<Outcome>> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let mut pipeline = Pipeline::new();
        for command in commands {
            pipeline.add_command(packed(command));
        }
        let replies = self.send(&pipeline).await?;
        Ok(replies.into_iter().zip(commands).map(|(reply, command)| outcome(reply, &command.name())).collect())
    }

    /// MULTI, the commands, EXEC. The inner error is why all of it was discarded.
    pub async fn transact(&self, commands: &[&Command]) -> RedisResult<Result<Vec<Outcome>, String>> {
        let mut pipeline = Pipeline::new();
        pipeline.add_command(redis::cmd("MULTI"));
        for command in commands {
            pipeline.add_command(packed(command));
        }
        pipeline.add_command(redis::cmd("EXEC"));
        let mut replies = self.send(&pipeline).await?;
        let done = replies.pop();
        let queued = replies.into_iter().skip(1).zip(commands);
        // EXEC itself would only say that there was an error.
        if let Some(why) = queued.filter_map(|(reply, command)| outcome(reply, &command.name()).err()).next() {
            return Ok(Err(why));
        }
        match done.map(|done| outcome(done, "EXEC")) {
            Some(Ok(Value::Array(replies))) => {
                Ok(Ok(replies.into_iter().zip(commands).map(|(reply, each)| outcome(reply, &each.name())).collect()))
            }
            Some(Err(why)) => Ok(Err(why)),
            _ => Err(RedisError::from((redis::ErrorKind::UnexpectedReturnType, "EXEC answers no array"))),
        }
    }

    /// Whether a command may make the database larger, as Redis marks it; a script may.
    pub async fn may_grow(&self, command: &Command) -> RedisResult<bool> {
        let name = command.name();
        if ["EVAL", "EVALSHA", "FCALL"].contains(&name.as_str()) {
            return Ok(true);
        }
        let mut question = Pipeline::new();
        question.cmd("COMMAND").arg("INFO").arg(name);
        Ok(contains(&self.send(&question).await?, "denyoom"))
    }

    async fn send(&self, pipeline: &Pipeline) -> RedisResult<Vec<Value>> {
        let mut connection = self.client.get_multiplexed_async_connection_with_config(&self.config).await?;
        connection.send_packed_commands(pipeline, 0, pipeline.len()).await
    }
}

fn packed(command: &Command) -> redis::Cmd {
    let mut packed = redis::Cmd::new();
    for part in &command.0 {
        packed.arg(part.as_slice());
    }
    packed
}

fn outcome(reply: Value, name: &str) -> Outcome {
    match reply {
        Value::ServerError(error) if error.details().is_some_and(|text| text.starts_with("unknown command")) => {
            Err(refusal::unknown(name))
        }
        Value::ServerError(error) => Err(text(&error)),
        reply => Ok(reply),
    }
}

/// An error as the server wrote it.
pub fn text(error: &redis::ServerError) -> String {
    match error.details() {
        Some(details) => format!("{} {details}", error.code()),
        None => error.code().to_owned(),
    }
}

fn contains(values: &[Value], flag: &str) -> bool {
    values.iter().any(|value| match value {
        Value::SimpleString(text) => text == flag,
        Value::Array(values) => contains(values, flag),
        _ => false,
    })
}
