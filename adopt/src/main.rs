//! Puts the rooms of the tutorial chat, which kept no list of them, into the room list; `scripts/adopt --help` says how.
//! It asks Redis by the Worker's own client and judges names by the Worker's own rules. Members and messages are read
//! and never written.

mod index;
mod look;
mod names;
mod options;
mod plan;
mod report;
mod scan;
mod wire;

use futures_util::FutureExt;
use hihichat::directory::DirectoryError;
use hihichat::domain::time::Millis;
use hihichat::redis::{Redis, Wire};
use options::Options;
use plan::{Plan, Reason};
use report::Report;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::time::SystemTime;
use wire::Https;

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1), |name| std::env::var(name).ok()) {
        Ok(options) => options,
        Err(error) => return failed(&error),
    };
    let redis = Redis(Https::to(options.redis));
    let outcome = adopt(&redis, options.apply).now_or_never().unwrap_or_else(|| Err("it waits for nothing".into()));
    let commands = redis.0.commands.get();
    match outcome {
        Ok(report) => {
            let told = writeln!(std::io::stdout(), "{report}{commands} commands sent to Redis.");
            told.map_or_else(|error| failed(&error.to_string()), |()| ExitCode::SUCCESS)
        }
        Err(error) if options.apply => failed(&format!(
            "{error}\nWhat was done stays, and the same again goes on from there. {commands} commands sent to Redis."
        )),
        Err(error) => failed(&format!("{error}\nNothing was written. {commands} commands sent to Redis.")),
    }
}

fn failed(error: &str) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}

async fn adopt<W: Wire>(redis: &Redis<W>, apply: bool) -> Result<Report, Box<dyn Error>> {
    let raw = scan::rooms(redis).await?;
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for raw in &raw {
        match plan::name(raw) {
            Ok(name) => good.push(name),
            Err(reason) => wrong.push((raw.clone(), reason)),
        }
    }
    let looks = look::at(redis, &good).await?;
    let mut plan = Plan::of(good.into_iter().zip(looks).collect(), now()?);
    plan.left.append(&mut wrong);

    let heard = names::heard(redis, &plan.rooms).await?;
    let unkept = names::unkept(redis, &heard.names).await?;
    if apply {
        // Names first: a room that is in the index is not read again by the next run.
        names::keep(redis, &unkept).await?;
        let mut adopted = Vec::new();
        for room in plan.rooms {
            match index::adopt(redis, &room).await? {
                true => adopted.push(room),
                false => plan.left.push((room.row.name.into(), Reason::Overtaken)),
            }
        }
        plan.rooms = adopted;
    }
    Ok(Report { applied: apply, found: raw.len(), plan, heard, kept: unkept.len() })
}

fn now() -> Result<Millis, Box<dyn Error>> {
    Ok(Millis::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis())?)
}

/// What a script answers.
fn read<T: DeserializeOwned>(answer: &str) -> Result<T, DirectoryError> {
    serde_json::from_str(answer).map_err(|error| DirectoryError::Unavailable(error.to_string()))
}
