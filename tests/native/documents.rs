//! The documents against the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn is_setting(name: &str) -> bool {
    name.len() > 3 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

#[test]
fn the_table_of_settings_in_the_readme_is_the_code_s() {
    let source = read("src/config.rs");
    let code = source.split("#[cfg(test)]").next().unwrap();
    let read_in_code: BTreeSet<&str> = code.split('"').filter(|word| is_setting(word)).collect();
    let readme = read("README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(rows.filter(|name| is_setting(name)).collect::<BTreeSet<_>>(), read_in_code);
}

#[test]
fn every_file_the_documents_lead_to_exists() {
    for document in ["README.md", "ARCHITECTURE.md", "SECURITY.md", "docs/protocol.md"] {
        let text = read(document);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !link.starts_with("https://") {
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(link).exists(), "{document} leads to {link}");
            }
        }
    }
}

#[test]
fn every_native_test_that_architecture_names_exists() {
    let architecture = read("ARCHITECTURE.md");
    let named =
        architecture.split('`').filter(|word| word.contains("::") && word.starts_with(|c: char| c.is_lowercase()));
    let mut count = 0;
    for (module, test) in named.filter_map(|word| word.split_once("::")).filter(|(_, test)| test.contains('_')) {
        assert!(read(&format!("tests/native/{module}.rs")).contains(&format!("fn {test}(")), "{module}::{test}");
        count += 1;
    }
    assert!(count >= 4, "{count}");
}
