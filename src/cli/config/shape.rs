//! Which keys the configuration has, asked of its types.
//!
//! The sections are plain structures that serde reads. What keys they have must also be known where a
//! file is checked for keys that do not exist, and where a variable of the environment is to become a
//! key. A second list of them would be forgotten one day: so the structures are asked. A deserialiser that
//! holds no data follows a path of keys and notes what the type at its end wants to read.

use std::cell::Cell;

use serde::de::value::Error;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::values::{FilePath, Secret};

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The value of a key.
    Key(String),
    /// Any value of a list.
    Item,
}

/// What a place of the configuration holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A table with these keys and no others.
    Table(&'static [&'static str]),
    /// A table whose keys the operator chooses.
    Map,
    /// A list.
    List,
    /// A text.
    Text,
    /// The path of a file or folder.
    Path,
    /// What must not stand in the file.
    Secret,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Truth,
}

/// What `T` wants at the end of `path`; none where it has no such place.
pub(super) fn shape_of<T: DeserializeOwned>(path: &[Step]) -> Option<Shape> {
    let found = Cell::new(None);
    // The probe holds no data, so that reading it always ends in an error.
    let _ = T::deserialize(Probe { path, found: &found });
    found.get()
}

/// Follows a path through a type, one step a level.
struct Probe<'p> {
    path: &'p [Step],
    found: &'p Cell<Option<Shape>>,
}

impl Probe<'_> {
    /// Notes what is wanted here, if this is the end of the path.
    fn end<T>(self, shape: Shape) -> Result<T, Error> {
        if self.path.is_empty() {
            self.found.set(Some(shape));
        }
        Err(Error::custom("only the shape was asked for"))
    }

    /// What stands one step further, by the key that leads there.
    fn step_by_key(&self) -> Option<(String, Self)> {
        match self.path.split_first() {
            Some((Step::Key(key), path)) => Some((key.clone(), Probe { path, found: self.found })),
            _ => None,
        }
    }
}

/// Implements the methods that lead to a value without parts.
macro_rules! ends {
    ($($method:ident => $shape:expr),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
            self.end($shape)
        })*
    };
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    ends! {
        deserialize_any => Shape::Text,
        deserialize_bool => Shape::Truth,
        deserialize_i8 => Shape::Integer,
        deserialize_i16 => Shape::Integer,
        deserialize_i32 => Shape::Integer,
        deserialize_i64 => Shape::Integer,
        deserialize_u8 => Shape::Integer,
        deserialize_u16 => Shape::Integer,
        deserialize_u32 => Shape::Integer,
        deserialize_u64 => Shape::Integer,
        deserialize_f32 => Shape::Number,
        deserialize_f64 => Shape::Number,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            Secret::NAME => self.end(Shape::Secret),
            FilePath::NAME => self.end(Shape::Path),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        self.end(Shape::Text)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.step_by_key() {
            Some((key, inner)) if fields.contains(&key.as_str()) => {
                visitor.visit_map(Once(Some((key, inner))))
            }
            _ => self.end(Shape::Table(fields)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.step_by_key() {
            Some((key, inner)) => visitor.visit_map(Once(Some((key, inner)))),
            None => self.end(Shape::Map),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.path.split_first() {
            Some((Step::Item, path)) => {
                visitor.visit_seq(Once(Some((String::new(), Probe { path, found: self.found }))))
            }
            _ => self.end(Shape::List),
        }
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// One entry, of a table or a list.
struct Once<'p>(Option<(String, Probe<'p>)>);

impl<'de> MapAccess<'de> for Once<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, _)) = &self.0 else { return Ok(None) };
        seed.deserialize(key.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match self.0.take() {
            Some((_, probe)) => seed.deserialize(probe),
            None => Err(Error::custom("there is one entry only")),
        }
    }
}

impl<'de> SeqAccess<'de> for Once<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.take().map(|(_, probe)| seed.deserialize(probe)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::cli::config::values::Span;

    #[derive(Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        inner: Inner,
        items: Vec<Inner>,
        days: BTreeMap<String, i64>,
        file: Option<FilePath>,
    }

    #[derive(Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        name: String,
        on: Option<bool>,
        wait: Option<Span>,
        key: Option<Secret>,
        share: f64,
        words: Vec<String>,
    }

    #[test]
    fn a_type_tells_its_keys() {
        let inner: &[&str] = &["name", "on", "wait", "key", "share", "words"];
        for (path, expected) in [
            ("", Some(Shape::Table(&["inner", "items", "days", "file"]))),
            ("inner", Some(Shape::Table(inner))),
            ("inner.name", Some(Shape::Text)),
            ("inner.on", Some(Shape::Truth)),
            ("inner.wait", Some(Shape::Text)),
            ("inner.key", Some(Shape::Secret)),
            ("inner.share", Some(Shape::Number)),
            ("inner.words", Some(Shape::List)),
            ("inner.words.*", Some(Shape::Text)),
            ("inner.nothing", None),
            ("items", Some(Shape::List)),
            ("items.*", Some(Shape::Table(inner))),
            ("items.*.share", Some(Shape::Number)),
            ("days", Some(Shape::Map)),
            ("days.eu", Some(Shape::Integer)),
            ("file", Some(Shape::Path)),
        ] {
            let steps: Vec<Step> = path
                .split('.')
                .filter(|s| !s.is_empty())
                .map(|s| if s == "*" { Step::Item } else { Step::Key(s.to_owned()) })
                .collect();
            assert_eq!(shape_of::<Outer>(&steps), expected, "{path}");
        }
    }
}
