//! JSON text read into types of ours: what we wrote ourselves, in a log, a token, a call, an answer of Redis.
//!
//! serde_json's own reader is compiled once more for each type, with errors in prose that nobody reads: a quarter of the
//! WASM. Here it is compiled once, for [`Value`], and a type is read from that. A struct is asked for its fields in their
//! order, an enum for its variant's number, so each type brings little code of its own.

use serde::de::value::MapDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, SeqAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::slice;

/// Text that is no JSON, or not of the type that was awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("JSON of another shape than awaited")]
pub struct Unreadable;

impl Error for Unreadable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// Reads a text. Fields that the type does not know are passed over.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let value: Value = serde_json::from_str(text).map_err(|_| Unreadable)?;
    T::deserialize(Reader(&value))
}

/// One value, to be read.
#[derive(Clone, Copy)]
struct Reader<'de>(&'de Value);

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(*flag),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., number) => visitor.visit_f64(number.ok_or(Unreadable)?),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.as_str(), Reader(value)));
                visitor.visit_map(MapDeserializer::new(fields))
            }
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(Elements(self.0.as_array().ok_or(Unreadable)?.iter()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Array(values) if values.len() == length => self.deserialize_seq(visitor),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let Value::Object(fields) = self.0 else { return Err(Unreadable) };
        visitor.visit_seq(InOrder { fields, names })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let (name, content) = match self.0 {
            Value::String(name) => (name, &Value::Null),
            Value::Object(fields) if fields.len() == 1 => fields.iter().next().ok_or(Unreadable)?,
            _ => return Err(Unreadable),
        };
        let number = names.iter().position(|variant| variant == name).ok_or(Unreadable)?;
        visitor.visit_enum(Variant { number: number as u64, content: Self(content) })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct map identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Unreadable> for Reader<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The values of a list.
struct Elements<'de>(slice::Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        self.0.next().map(|value| seed.deserialize(Reader(value))).transpose()
    }
}

/// The fields of an object in the order in which a struct has them. A field that is not there is none, or its default.
struct InOrder<'de> {
    fields: &'de Map<String, Value>,
    names: &'static [&'static str],
}

impl<'de> SeqAccess<'de> for InOrder<'de> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        let (name, rest) = self.names.split_first().ok_or(Unreadable)?;
        self.names = rest;
        let found = self.fields.get(*name);
        match seed.deserialize(Reader(found.unwrap_or(&Value::Null))) {
            Ok(value) => Ok(Some(value)),
            Err(_) if found.is_none() => Ok(None),
            Err(unreadable) => Err(unreadable),
        }
    }
}

/// A variant, by its number among those that the type has.
struct Variant<'de> {
    number: u64,
    content: Reader<'de>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Unreadable;
    type Variant = Reader<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Reader<'de>), Unreadable> {
        Ok((seed.deserialize(self.number.into_deserializer())?, self.content))
    }
}

impl<'de> VariantAccess<'de> for Reader<'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        self.0.as_null().ok_or(Unreadable)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_struct("", names, visitor)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct All {
        whole_number: u8,
        signed: i64,
        #[serde(rename = "f")]
        float: f64,
        text: Option<String>,
        #[serde(default)]
        list: Vec<Kind>,
        #[serde(default)]
        flag: bool,
        pair: Pair,
        #[serde(default)]
        inner: Option<Box<All>>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Pair(Wrapped, Option<char>);

    #[derive(Debug, PartialEq, Deserialize)]
    struct Wrapped(i32);

    #[derive(Debug, PartialEq, Deserialize)]
    enum Kind {
        Nothing,
        One(String),
        Two(u32, bool),
        #[serde(rename = "named")]
        Named {
            place: i64,
            #[serde(default)]
            why: String,
        },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat {
        own: u8,
        #[serde(flatten)]
        rest: Rest,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Rest {
        more: Option<u8>,
    }

    /// That it is read as serde_json does.
    #[track_caller]
    fn alike<T: DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str) -> Option<T> {
        let value = read::<T>(text).ok();
        assert_eq!(value, serde_json::from_str(text).ok(), "{text}");
        value
    }

    #[test]
    fn a_struct_is_read_as_serde_json_reads_it() {
        let least = r#""wholeNumber":255,"signed":-5,"f":1.5,"pair":[7,"x"]"#;
        let all: All = alike(&format!("{{{least}}}")).unwrap();
        assert_eq!((all.text, all.list, all.flag, all.inner), (None, vec![], false, None));
        for more in [
            r#""text":null"#,
            r#""text":"好""#,
            r#""flag":true,"list":["Nothing",{"One":"x"},{"Two":[1,true]},{"named":{"place":-1}}]"#,
            r#""inner":{"pair":[1,null],"f":0,"signed":9223372036854775807,"wholeNumber":0}"#,
            r#""unknown":{"deep":[{}]}"#,
        ] {
            assert!(alike::<All>(&format!("{{{more},{least}}}")).is_some(), "{more}");
        }
        assert!(alike::<Flat>(r#"{"more":1,"own":2,"other":3}"#).is_some());
    }

    #[test]
    fn what_is_of_another_shape_is_refused_as_serde_json_refuses_it() {
        let least = r#""wholeNumber":255,"signed":-5,"f":1.5,"pair":[7,"x"]"#;
        for wrong in [
            r#"{"signed":-5,"f":1.5,"pair":[7,"x"]}"#.to_owned(),
            format!("{{{}}}", least.replace("255", "256")),
            format!("{{{}}}", least.replace("-5", "1e3")),
            format!("{{{}}}", least.replace("1.5", "\"1.5\"")),
            format!("{{{}}}", least.replace("[7,\"x\"]", "[7]")),
            format!("{{{}}}", least.replace("[7,\"x\"]", "[7,\"x\",0]")),
            format!("{{{least},\"flag\":null}}"),
            format!("{{{least},\"list\":{{}}}}"),
            format!("{{{least},\"inner\":{{}}}}"),
            format!("{{{least}"),
            "[]".to_owned(),
            "null".to_owned(),
            String::new(),
        ] {
            assert_eq!(alike::<All>(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_variant_is_read_as_serde_json_reads_it() {
        for right in [
            r#""Nothing""#,
            r#"{"Nothing":null}"#,
            r#"{"One":""}"#,
            r#"{"Two":[0,false]}"#,
            r#"{"named":{"why":"so","place":0}}"#,
        ] {
            assert!(alike::<Kind>(right).is_some(), "{right}");
        }
        for wrong in [
            r#""One""#,
            r#""Two""#,
            r#""Named""#,
            r#""named""#,
            r#"{"Nothing":1}"#,
            r#"{"One":1}"#,
            r#"{"Two":[1]}"#,
            r#"{"Two":[1,true,1]}"#,
            r#"{"Two":{}}"#,
            r#"{"named":{}}"#,
            r#"{"One":"","Two":[1,true]}"#,
            "{}",
            "1",
            "null",
        ] {
            assert_eq!(alike::<Kind>(wrong), None, "{wrong}");
        }
    }
}
