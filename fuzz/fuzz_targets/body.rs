#![no_main]

use hihichat_fuzz::claims;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| claims::body(&String::from_utf8_lossy(input)));
