//! `public/openapi.json` against the router. Its shapes are held to the Worker's answers by the live tests.

use hihichat::http::route::TABLE;
use hihichat::protocol::code::Code;
use serde_json::Value;
use std::collections::BTreeSet;

fn document() -> Value {
    serde_json::from_str(include_str!("../../public/openapi.json")).unwrap()
}

#[test]
fn it_has_every_address_and_method_of_the_router_and_no_other() {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let documented: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, item)| item.as_object().unwrap().keys().map(|method| (path.clone(), method.to_uppercase())))
        .filter(|(_, method)| method != "PARAMETERS")
        .collect();
    // HEAD is answered wherever GET is.
    let ours = TABLE.iter().flat_map(|(path, methods)| methods.iter().map(|method| ((*path).into(), (*method).into())));
    assert_eq!(documented, ours.filter(|(_, method)| method != "HEAD").collect());
}

#[test]
fn it_has_every_code() {
    let document = document();
    let codes = document.pointer("/components/schemas/Error/properties/error/properties/code/enum").unwrap();
    let ours: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(*codes, serde_json::json!(ours));
}

#[test]
fn whatever_it_refers_to_is_there_and_everything_there_is_referred_to() {
    let text = include_str!("../../public/openapi.json");
    let document = document();
    let referred: BTreeSet<&str> = text.split("\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for name in &referred {
        assert!(document.pointer(name).is_some(), "{name}");
    }
    for schema in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(referred.contains(format!("/components/schemas/{schema}").as_str()), "{schema}");
    }
}

#[test]
fn every_object_in_it_is_closed() {
    fn look(value: &Value) {
        if value["type"] == "object" {
            assert_eq!(value["additionalProperties"], false, "{value}");
        }
        value.as_object().into_iter().flat_map(|object| object.values()).for_each(look);
        value.as_array().into_iter().flatten().for_each(look);
    }
    look(&document());
}
