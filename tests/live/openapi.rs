//! Every answer of the live tests against `public/openapi.json`: whatever the Worker says is in there, field by field.
//!
//! Reads the few words of JSON Schema that the file uses, and fails on any other, so that none is overlooked.

use serde_json::{Map, Value};
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../public/openapi.json")).unwrap());

/// Compares one answer with what the document says of its address, method and status.
#[track_caller]
pub fn check(method: &str, path: &str, status: u16, content_type: Option<&str>, text: &str) {
    let Some(item) = item(path) else { return };
    let method = if method == "HEAD" { "get" } else { &method.to_ascii_lowercase() };
    let Some(operation) = item.get(method) else {
        // A method that nobody answers; a page of another site learns not even that.
        assert!(matches!(status, 403 | 405), "{method} {path} is not in openapi.json");
        return;
    };
    let responses = &operation["responses"];
    let response = responses.get(status.to_string()).unwrap_or_else(|| {
        assert!(status >= 400, "{method} {path}: {status} is not in openapi.json");
        &responses["default"]
    });
    let content = &resolved(response)["content"];
    if !content_type.is_some_and(|kind| kind.starts_with("application/json")) || text.is_empty() {
        assert!(content.is_null() || content["application/json"].is_null() || text.is_empty(), "{method} {path}");
        return;
    }
    let body: Value = serde_json::from_str(text).unwrap();
    if let Err(wrong) = fits(&body, &content["application/json"]["schema"]) {
        panic!("{method} {path} {status}: {wrong} in {text}");
    }
}

/// The path item whose template this path fits.
fn item(path: &str) -> Option<&'static Value> {
    let path = path.split('?').next()?;
    let fits = |template: &str| {
        let (template, path) = (template.split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template.zip(path).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    // Addresses without a hole come first: /api/sessions is no /api/{something}.
    paths.iter().find(|(template, _)| fits(template)).map(|(_, item)| item)
}

fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(name) => DOCUMENT.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("no {name}")),
        None => value,
    }
}

/// Whether a value fits a schema, or the first thing that does not.
fn fits(value: &Value, schema: &'static Value) -> Result<(), String> {
    let schema = resolved(schema).as_object().unwrap();
    for (word, wanted) in schema {
        let right = match word.as_str() {
            "type" => is_of(value, wanted.as_str().unwrap()),
            "const" => value == wanted,
            "enum" => wanted.as_array().unwrap().contains(value),
            "anyOf" => wanted.as_array().unwrap().iter().any(|schema| fits(value, schema).is_ok()),
            "minimum" => value.as_f64() >= wanted.as_f64(),
            "maximum" => value.as_f64() <= wanted.as_f64(),
            "minLength" => value.as_str().map(|text| text.chars().count() as u64) >= wanted.as_u64(),
            "maxLength" => value.as_str().map(|text| text.chars().count() as u64) <= wanted.as_u64(),
            "maxItems" => value.as_array().map(|items| items.len() as u64) <= wanted.as_u64(),
            "pattern" => {
                regex_lite::Regex::new(wanted.as_str().unwrap()).unwrap().is_match(value.as_str().unwrap_or_default())
            }
            "required" => wanted.as_array().unwrap().iter().all(|name| value.get(name.as_str().unwrap()).is_some()),
            "items" => {
                value.as_array().into_iter().flatten().try_for_each(|item| fits(item, wanted))?;
                true
            }
            "properties" => {
                let empty = Map::new();
                for (name, value) in value.as_object().unwrap_or(&empty) {
                    let schema = wanted.get(name).ok_or_else(|| format!("{name} is not in the schema"))?;
                    fits(value, schema).map_err(|wrong| format!("{name}: {wrong}"))?;
                }
                true
            }
            "description" | "additionalProperties" => true,
            other => panic!("this reader knows no {other}"),
        };
        if !right {
            return Err(format!("{value} is not of {word} {wanted}"));
        }
    }
    Ok(())
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("this reader knows no type {other}"),
    }
}
