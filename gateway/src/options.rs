//! What the command line says.

const USAGE: &str = "usage: hihichat-gateway --redis URL --port N --token T [--until-stdin-closes]\n  \
                     URL is redis://127.0.0.1:PORT or redis+unix:///PATH; port 0 takes any that is free";

/// How to run.
pub struct Options {
    /// Where the redis-server is, as the crate `redis` reads it.
    pub redis: String,
    /// Where to listen; 0 takes any port that is free.
    pub port: u16,
    /// What clients have to show.
    pub token: String,
    /// End when standard input does, so that a test that was killed leaves nothing behind.
    pub until_stdin_closes: bool,
}

impl Options {
    /// Reads the arguments after the program's name; the error is the usage.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, &'static str> {
        let (mut redis, mut port, mut token, mut until_stdin_closes) = (None, None, None, false);
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--redis" => redis = arguments.next(),
                "--port" => port = arguments.next().and_then(|port| port.parse().ok()),
                "--token" => token = arguments.next().filter(|token| !token.is_empty()),
                "--until-stdin-closes" => until_stdin_closes = true,
                _ => return Err(USAGE),
            }
        }
        match (redis, port, token) {
            (Some(redis), Some(port), Some(token)) => Ok(Self { redis, port, token, until_stdin_closes }),
            _ => Err(USAGE),
        }
    }
}
