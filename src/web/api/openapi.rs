//! The description of the calls (OpenAPI 3.1), made of the same tables for every schema.
//!
//! A test holds real answers against it, field by field, so that it cannot say what is not so.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::schemas::{self, Fields};

/// Serves the description.
pub(super) async fn document() -> Response {
    let text = description().to_string();
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

/// The whole description.
fn description() -> Value {
    let schemas: Map<String, Value> =
        schemas::ALL.iter().map(|(name, fields)| ((*name).to_owned(), object(fields))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "zeef",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Screening against sanctions lists and trackers. A person decides; zeef never does.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths(),
        "components": {"schemas": schemas},
    })
}

fn paths() -> Value {
    let text = |name: &str, place: &str, required: bool, what: &str| json!({"name": name, "in": place, "required": required, "description": what, "schema": {"type": "string"}});
    let number = |name: &str, what: &str| json!({"name": name, "in": "query", "required": false, "description": what, "schema": {"type": "number"}});
    json!({
        "/v1/screen": {"post": call("screen", "Screens one subject", &[], Some("ScreenRequest"), "Answer")},
        "/v1/compare": {"post": call("compare", "Compares two subjects with the same scorer", &[], Some("CompareRequest"), "Comparison")},
        "/v1/case": {"post": call(
            "case",
            "Screens a whole case, JSON or YAML in the form of `zeef case`, and reads it by a policy",
            &[text("policy", "query", false, "generic, leiden, maastricht or one of the operator's"), text("purpose", "query", false, "recorded where answers are; no names")],
            Some("Case"),
            "CaseResult",
        )},
        "/v1/entities": {"get": call(
            "search",
            "Searches listed entities by words; not screening",
            &[
                text("q", "query", false, "words that must all occur; \"two words\" stand beside each other, inst* for any ending"),
                text("lists", "query", false, "lists, parted by commas"),
                text("kind", "query", false, "person or organisation"),
                text("programmes", "query", false, "programmes, parted by commas"),
                text("countries", "query", false, "ISO 3166-1 alpha-2 codes, parted by commas"),
                text("categories", "query", false, "categories, parted by commas"),
                number("page_size", "entities on a page, at most 1,000; 50 when absent"),
                text("page_token", "query", false, "next_page_token of the page before"),
            ],
            None,
            "Found",
        )},
        "/v1/entities/{list}/{id}": {"get": call(
            "entity",
            "Everything a list says of one entity",
            &[text("list", "path", true, "the list"), text("id", "path", true, "its reference")],
            None,
            "Entity",
        )},
        "/v1/lists": {"get": call("lists", "What is loaded, as of when", &[], None, "Loaded")},
        "/match/{dataset}": {"post": call(
            "match",
            "The shape of OpenSanctions' yente, for clients of it",
            &[
                text("dataset", "path", true, "default for all lists, or the id of one"),
                number("limit", "results per query, at most 500; 5 when absent"),
                number("threshold", "from which score a result is called a match; 0.5 when absent"),
                text("purpose", "query", false, "recorded where answers are; no names"),
                number("cutoff", "lowest score of a result; 0.5, or the threshold where that is lower"),
            ],
            Some("MatchRequest"),
            "MatchResponse",
        )},
    })
}

fn call(id: &str, summary: &str, parameters: &[Value], asks: Option<&str>, answers: &str) -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let content = |kind: &str, name: &str| json!({(kind): {"schema": reference(name)}});
    let mut call = json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "The answer", "content": content("application/json", answers)},
            "default": {"description": "Why there is none", "content": content("application/problem+json", "Problem")},
        },
    });
    if let Some(name) = asks {
        call["requestBody"] = json!({"required": true, "content": content("application/json", name)});
    }
    call
}

/// An object's schema. Answers hold no other fields than these.
fn object(fields: &Fields) -> Value {
    let properties: Map<String, Value> =
        fields.fields.iter().map(|(name, kind, what)| ((*name).to_owned(), schema(kind, what))).collect();
    let required: Vec<&str> =
        fields.fields.iter().map(|(name, ..)| *name).filter(|n| !fields.optional.contains(n)).collect();
    let mut object = json!({"type": "object", "properties": properties, "required": required});
    if fields.is_closed {
        object["additionalProperties"] = Value::Bool(false);
    }
    object
}

/// The schema of one field, written `text`, `number`, `boolean`, `any`, the name of another schema;
/// `[x]` for a list of them, `{x}` for a map to them, `x?` where it may be null, `a|b` for one of two words.
fn schema(kind: &str, what: &str) -> Value {
    let mut schema = of(kind);
    if !what.is_empty() && schema.get("$ref").is_none() {
        schema["description"] = Value::String(what.to_owned());
    }
    schema
}

fn of(kind: &str) -> Value {
    if let Some(inner) = kind.strip_suffix('?') {
        return json!({"anyOf": [of(inner), {"type": "null"}]});
    }
    if let Some(inner) = kind.strip_prefix('[').and_then(|k| k.strip_suffix(']')) {
        return json!({"type": "array", "items": of(inner)});
    }
    if let Some(inner) = kind.strip_prefix('{').and_then(|k| k.strip_suffix('}')) {
        return json!({"type": "object", "additionalProperties": of(inner)});
    }
    if kind.contains('|') {
        let words: Vec<&str> = kind.split('|').collect();
        return json!({"type": "string", "enum": words});
    }
    match kind {
        "text" => json!({"type": "string"}),
        "number" => json!({"type": "number"}),
        "integer" => json!({"type": "integer"}),
        "boolean" => json!({"type": "boolean"}),
        "any" => json!({}),
        name => json!({"$ref": format!("#/components/schemas/{name}")}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_that_is_named_exists() {
        let text = description().to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schemas::ALL.iter().any(|(n, _)| *n == name), "{name} is named and not described");
        }
    }
}
