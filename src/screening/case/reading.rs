//! Reading a case from YAML or JSON, with everything that is wrong with it at once.
//!
//! Serde stops at the first fault. So a faulty value is noted, taken out of the tree, and the tree is
//! read again, until nothing is left to complain about.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use super::check::CheckedCase;
use super::fault::{CaseFault, CaseFaults, Place};
use super::given::Case;
use super::node::{Field, Node, Value};

/// Largest case file read, in bytes. A case with all its names in every script stays below a tenth.
pub const MAX_CASE_BYTES: usize = 1 << 20;

/// Most faults told at once; a file with more is something else than a case.
const MAX_FAULTS: usize = 100;

/// How a case is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseForm {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

impl CaseForm {
    /// The form that a text is in: JSON if it begins like an object, else YAML.
    pub fn of(text: &[u8]) -> Self {
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        match text.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'{') => Self::Json,
            _ => Self::Yaml,
        }
    }
}

impl CheckedCase {
    /// Reads and checks a case. `today` is the day that dates are held against.
    ///
    /// # Errors
    /// Everything that is wrong, each with its path and place, never with what the file says.
    pub fn read(bytes: &[u8], form: CaseForm, today: jiff::civil::Date) -> Result<Self, CaseFaults> {
        let whole = |what: String| CaseFaults(vec![CaseFault::new("", what)]);
        if bytes.len() > MAX_CASE_BYTES {
            return Err(whole(format!(
                "is larger than {} KiB; give one case, without attachments",
                MAX_CASE_BYTES / 1024
            )));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count();
            whole(format!("is not UTF-8 text (line {line}); save it as UTF-8"))
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let root = match form {
            CaseForm::Yaml => Node::from_yaml(text),
            CaseForm::Json => Node::from_json(text),
        };
        let root = root.map_err(|fault| CaseFaults(vec![fault]))?;
        match root.value {
            Value::Fields(_) => {}
            Value::Nothing => {
                return Err(whole("is empty; give a hire or a partner".into()));
            }
            _ => return Err(whole("has no fields; begin with hire: or partner:".into())),
        }
        let (case, mut faults, left_out) = read_all(root.clone());
        match case.checked(today) {
            Ok(case) if faults.is_empty() => return Ok(case),
            Ok(_) => {}
            Err(CaseFaults(more)) => {
                // What could not be read was left out, and is not missing.
                let told = |path: &str| {
                    left_out.iter().any(|out| {
                        // An empty path is the case as a whole.
                        out.is_empty()
                            || path
                                .strip_prefix(out.as_str())
                                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                    })
                };
                faults.extend(more.into_iter().filter(|f| !told(&f.path)).map(|f| CaseFault {
                    place: root.place_of(&f.path).filter(|_| !f.path.is_empty()),
                    ..f
                }));
            }
        }
        faults.sort_by_key(|f| f.place);
        Err(CaseFaults(faults))
    }
}

/// Reads what can be read, and notes what cannot: faults, and the paths of values that were left out.
fn read_all(mut root: Node) -> (Case, Vec<CaseFault>, Vec<String>) {
    let (mut faults, mut left_out): (Vec<CaseFault>, Vec<String>) = (Vec::new(), Vec::new());
    loop {
        match Case::deserialize(Reader(&root)) {
            Ok(case) => return (case, faults, left_out),
            Err(fault) => {
                let done = !take_out(&mut root, &fault.steps);
                let is_value = !matches!(fault.steps.first(), Some(Step::Unknown(_)));
                let fault = fault.told();
                if is_value {
                    left_out.push(fault.path.clone());
                }
                faults.push(fault);
                if faults.len() == MAX_FAULTS || done {
                    // Nothing more is told of the rest.
                    return (Case::default(), faults, vec![String::new()]);
                }
            }
        }
    }
}

/// Takes a faulty value out; false if there is none at that place. The last step is the outermost.
fn take_out(node: &mut Node, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_last() else {
        let found = node.value != Value::Nothing;
        node.value = Value::Nothing;
        return found;
    };
    match (step, &mut node.value) {
        (Step::Unknown(i), Value::Fields(fields)) if *i < fields.len() => {
            fields.remove(*i);
            true
        }
        (Step::Field(i, _), Value::Fields(fields)) => {
            fields.get_mut(*i).is_some_and(|field| take_out(&mut field.node, rest))
        }
        (Step::Item(i), Value::List(items)) => items.get_mut(*i).is_some_and(|item| take_out(item, rest)),
        _ => false,
    }
}

/// One step from a value to one that it holds.
#[derive(Clone, Debug)]
enum Step {
    Field(usize, String),
    Item(usize),
    /// A field that has no business here; told as a fault of what holds it.
    Unknown(usize),
}

/// Why a value could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
struct Unread {
    /// From the value outwards.
    steps: Vec<Step>,
    place: Option<Place>,
    what: String,
}

impl Unread {
    fn at(node: &Node, what: impl Into<String>) -> Self {
        Self { steps: Vec::new(), place: node.place, what: what.into() }
    }

    /// The same, seen from what holds the value.
    fn under(mut self, step: Step, place: Option<Place>) -> Self {
        self.place = self.place.or(place);
        self.steps.push(step);
        self
    }

    fn told(self) -> CaseFault {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Field(_, name) if path.is_empty() => path.push_str(name),
                Step::Field(_, name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Step::Item(i) => path.push_str(&format!("[{i}]")),
                Step::Unknown(_) => {}
            }
        }
        CaseFault { path, place: self.place, what: self.what }
    }
}

impl Error for Unread {
    fn custom<T: std::fmt::Display>(what: T) -> Self {
        // Our own types' messages (dates), which name the form and quote no more than a number of it.
        Self { steps: Vec::new(), place: None, what: what.to_string() }
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("is something else than {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("is something else than {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format_args!("is none of the values known here: {}", expected.join(", ")))
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format_args!("has an unknown field; known here are: {}", expected.join(", ")))
    }
}

/// Reads one value of the tree as whatever is asked for.
struct Reader<'a>(&'a Node);

impl<'a> Reader<'a> {
    fn text(&self) -> Result<&'a str, Unread> {
        match &self.0.value {
            Value::Text(text) => Ok(text),
            Value::Nothing => Ok(""),
            Value::List(_) => Err(Unread::at(self.0, "is a list; give one text")),
            Value::Fields(_) => {
                Err(Unread::at(self.0, "has fields of its own; give a text (in quotes, if it has a colon)"))
            }
        }
    }

    fn number<T: std::str::FromStr>(&self, what: &str) -> Result<T, Unread> {
        self.text()?.trim().parse().map_err(|_| Unread::at(self.0, what))
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match &self.0.value {
            Value::Nothing => visitor.visit_unit(),
            Value::Text(text) => visitor.visit_str(text),
            Value::List(_) => self.deserialize_seq(visitor),
            Value::Fields(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_str(self.text()?.trim())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.text()?.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "ja" => visitor.visit_bool(true),
            "false" | "no" | "nee" => visitor.visit_bool(false),
            _ => Err(Unread::at(self.0, "is neither yes nor no; write yes or no, or leave it out")),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_u32(self.number("is no whole number; write it in digits")?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_f64(self.number("is no number; write it in digits, with a point, without %")?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0.value {
            Value::Nothing => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match &self.0.value {
            Value::List(items) => visitor.visit_seq(Items { items, next: 0 }),
            Value::Nothing => visitor.visit_seq(Items { items: &[], next: 0 }),
            _ => Err(Unread::at(self.0, "is no list; begin each entry with - , even if there is only one")),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match &self.0.value {
            Value::Fields(fields) => visitor.visit_map(Fields { fields, next: 0 }),
            Value::Nothing => visitor.visit_map(Fields { fields: &[], next: 0 }),
            _ => Err(Unread::at(self.0, "has no fields; give them as name: value")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        if let Value::Fields(fields) = &self.0.value {
            for (i, field) in fields.iter().enumerate() {
                let refused = |what| Err(Unread::custom(what).under(Step::Unknown(i), field.place));
                if !known.contains(&field.name.as_str()) {
                    return refused(unknown(&field.name, known));
                }
                if fields[..i].iter().any(|f| f.name == field.name) {
                    return refused(format!("has {} twice; give it once", field.name));
                }
            }
        }
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        let place = self.0.place;
        visitor.visit_enum(Word(self.text()?.trim())).map_err(|error| Unread { place, ..error })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

/// What to say of a field that does not exist. Its name is quoted only where it is nearly one that does:
/// anything else may be a person's name in the wrong place.
fn unknown(name: &str, known: &[&str]) -> String {
    let near = known.iter().find(|k| strsim::damerau_levenshtein(k, &name.to_lowercase()) <= 2);
    match near {
        Some(near) => format!("has an unknown field {name}; did you mean {near}?"),
        None => format!("has an unknown field; known here are: {}", known.join(", ")),
    }
}

struct Items<'a> {
    items: &'a [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        let Some(item) = self.items.get(self.next) else { return Ok(None) };
        self.next += 1;
        let under = |error: Unread| error.under(Step::Item(self.next - 1), item.place);
        seed.deserialize(Reader(item)).map(Some).map_err(under)
    }
}

/// Fields that hold something: one that holds nothing is as good as absent.
struct Fields<'a> {
    fields: &'a [Field],
    next: usize,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Unread;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unread> {
        while let Some(field) = self.fields.get(self.next) {
            if field.node.value != Value::Nothing {
                let name: StrDeserializer<'_, Unread> = field.name.as_str().into_deserializer();
                return seed.deserialize(name).map(Some);
            }
            self.next += 1;
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unread> {
        let Some(field) = self.fields.get(self.next) else {
            return Err(Unread::custom("ends in the middle"));
        };
        self.next += 1;
        let under =
            |error: Unread| error.under(Step::Field(self.next - 1, field.name.clone()), field.node.place);
        seed.deserialize(Reader(&field.node)).map_err(under)
    }
}

/// The word for one of a few values.
struct Word<'a>(&'a str);

impl<'de> EnumAccess<'de> for Word<'_> {
    type Error = Unread;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Unread> {
        let word: StrDeserializer<'_, Unread> = self.0.into_deserializer();
        Ok((seed.deserialize(word)?, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'_> {
    type Error = Unread;

    fn unit_variant(self) -> Result<(), Unread> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _seed: T) -> Result<T::Value, Unread> {
        Err(Unread::custom("is more than a word"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, Unread> {
        Err(Unread::custom("is more than a word"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Unread> {
        Err(Unread::custom("is more than a word"))
    }
}
