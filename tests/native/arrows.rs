//! The shape of the code: what may name what. Read from the sources, so that a wrong arrow fails here and not in a review.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(below: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The lines of every source below `src/{part}` that name something, tests left out.
fn naming(part: &str, what: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    if root.join(part).is_dir() {
        sources(&root.join(part), &mut found);
    } else {
        found.push(root.join(part));
    }
    assert!(!found.is_empty());
    let mut lines = Vec::new();
    for path in found.iter().filter(|path| !path.ends_with("tests.rs")) {
        let text = fs::read_to_string(path).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//") && line.contains(what)) {
            lines.push(format!("{}: {line}", path.strip_prefix(&root).unwrap().display()));
        }
    }
    lines
}

#[track_caller]
fn never(part: &str, what: &[&str]) {
    for what in what {
        assert_eq!(naming(part, what), Vec::<String>::new(), "{part} names {what}");
    }
}

#[test]
fn the_domain_names_nothing_around_it() {
    never(
        "domain",
        &["crate::protocol", "crate::room", "crate::directory", "crate::auth", "crate::http", "crate::sql", "worker::"],
    );
}

#[test]
fn the_protocol_names_the_domain_only() {
    never("protocol", &["crate::room", "crate::directory", "crate::auth", "crate::http", "crate::sql", "worker::"]);
}

#[test]
fn nothing_of_a_client_is_read_by_a_derived_reader() {
    // Those take names back unchecked, as they were stored.
    never("protocol/client.rs", &["serde"]);
    never("protocol/account.rs", &["Deserialize"]);
}

#[test]
fn the_core_and_the_log_have_no_platform_no_clock_and_no_randomness() {
    for part in ["room/core", "room/log", "room/effect.rs", "room/attachment.rs"] {
        never(
            part,
            &[
                "crate::directory",
                "crate::auth",
                "crate::http",
                "crate::random",
                "worker::",
                "SystemTime",
                "Instant",
                "getrandom",
            ],
        );
    }
}

#[test]
fn auth_names_the_domain_only() {
    never("auth", &["crate::protocol", "crate::room", "crate::directory", "crate::http", "crate::sql", "worker::"]);
}

#[test]
fn the_directory_knows_no_room_and_no_request() {
    never("directory", &["crate::room", "crate::auth", "crate::http", "crate::protocol"]);
    never("directory/mod.rs", &["worker::"]);
    never("directory/accounts.rs", &["worker::"]);
    never("directory/embedded/store.rs", &["worker::"]);
    never("directory/embedded/store", &["worker::"]);
    never("directory/redis", &["worker::"]);
}

#[test]
fn the_archive_names_no_platform_and_no_request() {
    never("archive", &["crate::http", "crate::auth", "crate::room::core", "crate::room::object", "worker::"]);
}

#[test]
fn the_limits_name_nobody_who_keeps_them() {
    never("limits", &["crate::room", "crate::directory", "crate::auth", "crate::http", "crate::sql", "worker::"]);
}

#[test]
fn keys_of_redis_have_one_place() {
    let keys = ["\"hihi:", "\"chat-", "\"msg-", "\"room-", "\"user-", "'hihi:", "'chat-", "'msg-", "'room-", "'user-"];
    let named = keys.iter().flat_map(|key| naming("", key)).filter(|line| !line.contains("user-agent"));
    let named: Vec<_> = named.collect();
    assert!(named.iter().all(|line| line.starts_with("redis/keys.rs:")), "{named:?}");
}

#[test]
fn nobody_but_the_config_reads_the_settings() {
    let readers: Vec<_> = naming("", ".var(").into_iter().chain(naming("", ".secret(")).collect();
    assert!(readers.iter().all(|line| line.starts_with("config.rs:")), "{readers:?}");
}
