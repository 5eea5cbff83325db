//! What the command line and the environment say.

use hihichat::config::Settings;
use hihichat::redis::Endpoint;

const USAGE: &str =
    "usage: scripts/adopt [--apply] [--url URL --token TOKEN]; scripts/adopt --help says what each of them does";
const URL: &str = "UPSTASH_REDIS_REST_URL";
const TOKEN: &str = "UPSTASH_REDIS_REST_TOKEN";

/// How to run.
pub struct Options {
    /// Write, and not only say what would be written.
    pub apply: bool,
    /// Which Redis.
    pub redis: Endpoint,
}

impl Options {
    /// Reads the arguments after the program's name, and where they name no Redis the environment, by the rules of the
    /// Worker's own settings. The error is one sentence and shows no value.
    pub fn read(
        arguments: impl Iterator<Item = String>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let (mut apply, mut url, mut token) = (false, None, None);
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--apply" => apply = true,
                "--url" => url = Some(arguments.next().ok_or(USAGE)?),
                "--token" => token = Some(arguments.next().ok_or(USAGE)?),
                _ => return Err(USAGE.to_owned()),
            }
        }
        // Not the one from here and the other from there: a token would go to an address that it is not for.
        if url.is_some() != token.is_some() {
            return Err("--url and --token go together: give both or neither".to_owned());
        }
        let given = url.is_some();
        let settings = Settings::read(|name| match name {
            URL if given => url.clone(),
            TOKEN if given => token.clone(),
            URL | TOKEN => environment(name),
            _ => None,
        });
        let redis = settings.map_err(|wrong| wrong.to_string())?.redis;
        let redis = redis.ok_or_else(|| format!("which Redis? Set {URL} and {TOKEN}, or give --url and --token"))?;
        Ok(Self { apply, redis })
    }
}
