//! Limits of rate at the door, as somebody meets them who passes one, and as everybody else does not.

mod budget;
mod entering;
mod guessing;
pub mod looks;

use crate::client::Answer;
use hihichat::limits::bucket::Rate;
use std::time::Instant;

/// How many may be let through at most from then on, however slow the machine is: what is there, and what comes back.
pub fn at_most(there: u32, rate: Rate, since: Instant) -> usize {
    let back = since.elapsed().as_millis() / u128::try_from(rate.every).unwrap();
    there as usize + usize::try_from(back).unwrap() + 1
}

/// Comes until it is told to slow down, which is after the burst and what came back meanwhile. Gives that answer.
#[track_caller]
pub fn until_refused(rate: Rate, mut come: impl FnMut(usize) -> Answer) -> Answer {
    let started = Instant::now();
    let mut through = 0;
    loop {
        let answer = come(through);
        if answer.status == 429 {
            assert!(through >= rate.burst as usize, "refused after {through}");
            return answer;
        }
        through += 1;
        assert!(through <= at_most(rate.burst, rate, started), "{through} were let through");
        assert!(through < 20 * rate.burst as usize, "nobody is refused, as slowly as they come");
    }
}

/// What it answers to whoever comes too often. Gives the seconds to wait, which the header says as well.
#[track_caller]
pub fn expect_slow_down(answer: &Answer) -> u64 {
    let seconds = answer.expect_refusal(429, "slow_down")["retry_after"].as_u64().expect("when to try again");
    assert!(seconds >= 1);
    assert_eq!(answer.header("retry-after"), Some(seconds.to_string().as_str()));
    seconds
}
