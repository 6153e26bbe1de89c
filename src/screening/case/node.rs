//! A case file as a tree of texts with their places, before it means anything.
//!
//! Scalars stay as written until a field says what it wants: a passport number keeps its leading
//! zeros, and `NO` is Norway where a country is asked for. Only the plain part of YAML is read:
//! anchors, aliases, tags and several documents have no use in a case and are how files grow in memory.

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::fault::{CaseFault, Place};

/// Deepest nesting read. A case needs five levels.
const MAX_DEPTH: usize = 12;

/// A value of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// Where it begins; none in JSON, whose reader does not say.
    pub place: Option<Place>,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Null or nothing at all: as good as not given.
    Nothing,
    /// A text, a number or a truth value, as written.
    Text(String),
    List(Vec<Node>),
    Fields(Vec<Field>),
}

/// A field of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub name: String,
    /// Where its name stands.
    pub place: Option<Place>,
    pub node: Node,
}

impl Node {
    /// Reads YAML.
    pub(super) fn from_yaml(text: &str) -> Result<Self, CaseFault> {
        Yaml { parser: Parser::new_from_str(text) }.document()
    }

    /// Reads JSON.
    pub(super) fn from_json(text: &str) -> Result<Self, CaseFault> {
        serde_json::from_str(text).map_err(|error| CaseFault {
            path: String::new(),
            place: Some(Place { line: error.line(), column: error.column() }),
            // The reader's own message can quote the text.
            what: "is not JSON; look here and just before for a quote, comma or bracket that is missing or \
                   too many"
                .into(),
        })
    }

    fn nothing(place: Option<Place>) -> Self {
        Self { place, value: Value::Nothing }
    }

    /// The place of the value at a path such as `hire.affiliations[2].start`, or of the nearest that
    /// holds it.
    pub(super) fn place_of(&self, path: &str) -> Option<Place> {
        let mut node = self;
        let mut place = self.place;
        for step in path.split(['.', '[']).filter(|s| !s.is_empty()) {
            let next = match (&node.value, step.strip_suffix(']')) {
                (Value::List(items), Some(index)) => index.parse().ok().and_then(|i: usize| items.get(i)),
                (Value::Fields(fields), None) => fields.iter().find(|f| f.name == step).map(|f| &f.node),
                _ => None,
            };
            let Some(next) = next else { break };
            node = next;
            place = node.place.or(place);
        }
        place
    }
}

fn place(span: &Span) -> Place {
    // The parser counts columns from 0.
    Place { line: span.start.line(), column: span.start.col() + 1 }
}

fn fault(place: Option<Place>, what: &str) -> CaseFault {
    CaseFault { path: String::new(), place, what: what.into() }
}

/// Builds the tree from the parser's events.
struct Yaml<'a> {
    parser: Parser<'a, granit_parser::StrInput<'a>>,
}

impl<'a> Yaml<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), CaseFault> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(malformed(&error)),
            None => Err(fault(None, "ends in the middle")),
        }
    }

    fn document(mut self) -> Result<Node, CaseFault> {
        let mut whole: Option<Node> = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(whole.unwrap_or_else(|| Node::nothing(None))),
                Event::DocumentStart(..) if whole.is_some() => {
                    return Err(fault(Some(place(&span)), "begins again; give one case in a file"));
                }
                Event::DocumentStart(..) => {
                    let (event, span) = self.next()?;
                    whole = Some(self.node(event, &span, 0)?);
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: &Span, depth: usize) -> Result<Node, CaseFault> {
        let at = place(span);
        if depth > MAX_DEPTH {
            return Err(fault(Some(at), "is nested too deeply"));
        }
        let value = match event {
            Event::Scalar(text, style, 0, None) => match (style, text.as_ref()) {
                (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Value::Nothing,
                _ => Value::Text(text.into_owned()),
            },
            Event::SequenceStart(_, 0, None) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break Value::List(items),
                        (event, span) => items.push(self.node(event, &span, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(_, 0, None) => self.fields(depth)?,
            _ => {
                let what = "has an anchor, alias or tag (&, *, !); write it out, or put the text in quotes";
                return Err(fault(Some(at), what));
            }
        };
        Ok(Node { place: Some(at), value })
    }

    fn fields(&mut self, depth: usize) -> Result<Value, CaseFault> {
        let mut fields = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let at = Some(place(&span));
            let name = match event {
                Event::MappingEnd => return Ok(Value::Fields(fields)),
                Event::Scalar(text, _, 0, None) => text.into_owned(),
                _ => return Err(fault(at, "has something else than a field's name here")),
            };
            let (event, span) = self.next()?;
            fields.push(Field { name, place: at, node: self.node(event, &span, depth + 1)? });
        }
    }
}

/// A file that is not YAML. The parser's own message can quote the text.
fn malformed(error: &ScanError) -> CaseFault {
    let at = Place { line: error.marker().line(), column: error.marker().col() + 1 };
    fault(
        Some(at),
        "is not YAML; look here and just before for a colon, quote or indentation that is wrong, and put \
         texts with colons or # in quotes",
    )
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Json).map(|value| Self { place: None, value })
    }
}

/// Takes whatever JSON holds. `serde_json` bounds the depth.
struct Json;

impl<'de> Visitor<'de> for Json {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a case")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, node)) = map.next_entry()? {
            fields.push(Field { name, place: None, node });
        }
        Ok(Value::Fields(fields))
    }
}
