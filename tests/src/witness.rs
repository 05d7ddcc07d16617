//! Answers held against the document that describes them.

use std::{collections::BTreeSet, sync::Mutex};

use serde_json::{Value, json};
use users_runtime::openapi::utoipa::openapi::OpenApi;

use crate::Answer;

/// What is not told by a text that is always the same.
const VARYING: [&str; 2] = ["MALFORMED_FORM", "OAUTH_PROVIDER_ERROR"];

/// What every operation may answer, which the document therefore leaves out.
const UNDOCUMENTED: [(&str, u16, &str); 2] = [
    ("SERVER_ERROR", 500, "Internal Server Error"),
    ("UNAVAILABLE", 503, "{\"detail\":\"Service Unavailable\"}"),
];

/// Holds answers against a document, and remembers which of its examples were answered.
#[derive(Debug)]
pub struct Witness {
    document: Value,
    seen: Mutex<BTreeSet<String>>,
}

impl Witness {
    /// A witness of this document.
    pub fn new(document: &OpenApi) -> Self {
        let document = serde_json::to_value(document).expect("a document is JSON");
        Self {
            document,
            seen: Mutex::default(),
        }
    }

    /// Asserts that the answer is what the document shows under this name, an example's or `""` for a success.
    #[track_caller]
    pub fn saw(&self, method: &str, path: &str, answer: &Answer, name: &str) {
        let operation = self.operation(method, path);
        let responses = &operation["responses"];
        if let Some((_, status, text)) = UNDOCUMENTED.iter().find(|(known, ..)| *known == name) {
            assert_eq!((answer.status, &*answer.text), (*status, *text));
            assert!(responses[status.to_string()].is_null(), "{responses}");
            return;
        }
        let response = self.resolved(&responses[answer.status.to_string()]);
        assert!(
            !response.is_null(),
            "{method} {path}: {} is not documented: {responses}: {answer:?}",
            answer.status
        );
        assert_eq!(
            name.is_empty(),
            answer.status < 400,
            "{method} {path}: {answer:?}"
        );
        match response.get("content") {
            None => assert_eq!(answer.text, "", "{method} {path} has a body"),
            Some(content) => self.fits(content, answer, name),
        }
        if !name.is_empty() {
            self.seen
                .lock()
                .expect("nobody panics with it")
                .insert(name.to_owned());
        }
    }

    #[track_caller]
    fn fits(&self, content: &Value, answer: &Answer, name: &str) {
        let content = &content[answer
            .header("content-type")
            .split(';')
            .next()
            .unwrap_or_default()];
        assert!(
            !content.is_null(),
            "{name}: another content type: {answer:?}"
        );
        let body = answer.json();
        self.assert_valid(&content["schema"], &body);
        if name.is_empty() {
            return;
        }
        let example = &content["examples"][name]["value"];
        assert!(!example.is_null(), "{name} is not documented: {content}");
        match (&example["detail"], &body["detail"]) {
            (Value::Object(example), told) => assert_eq!(example["code"], told["code"]),
            (Value::Array(_), told) => assert!(told.is_array(), "{told}"),
            (_, told) if VARYING.contains(&name) => assert!(told.is_string(), "{told}"),
            (example, told) => assert_eq!(example, told),
        }
    }

    /// Asserts that a value is what a schema of the document asks for.
    #[track_caller]
    pub fn assert_valid(&self, schema: &Value, value: &Value) {
        let whole = json!({ "components": self.document["components"], "allOf": [schema] });
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&whole)
            .expect("a schema");
        let errors: Vec<_> = validator
            .iter_errors(value)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{value} is not {schema}: {errors:?}");
    }

    /// The examples that were answered.
    pub fn seen(&self) -> BTreeSet<String> {
        self.seen.lock().expect("nobody panics with it").clone()
    }

    /// Every example of an answer that is no success.
    pub fn examples(&self) -> BTreeSet<String> {
        let operations = self
            .operations()
            .into_iter()
            .map(|(method, path)| self.operation(&method, &path).clone());
        let responses = operations
            .flat_map(|operation| operation["responses"].as_object().expect("answers").clone());
        let mut names = BTreeSet::new();
        for (_, response) in responses
            .into_iter()
            .filter(|(status, _)| status.as_str() >= "400")
        {
            let examples = &self.resolved(&response)["content"]["application/json"]["examples"];
            names.extend(examples.as_object().expect("examples").keys().cloned());
        }
        names
    }

    /// Every operation: its method in capitals, and its path.
    pub fn operations(&self) -> Vec<(String, String)> {
        let paths = self.document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, item)| {
            item.as_object()
                .expect("operations")
                .keys()
                .map(move |method| (method.to_uppercase(), path.clone()))
        });
        operations.collect()
    }

    /// The operation that answers a path: the one with as many words of its own as possible.
    #[track_caller]
    pub fn operation(&self, method: &str, path: &str) -> &Value {
        let path = path.split('?').next().unwrap_or_default();
        let fits = |template: &str| {
            let (mut words, mut asked) = (template.split('/'), path.split('/'));
            let fits = words
                .by_ref()
                .zip(asked.by_ref())
                .all(|(word, asked)| word == asked || word.starts_with('{'));
            fits && template.split('/').count() == path.split('/').count()
        };
        let paths = self.document["paths"].as_object().expect("paths");
        let fitting = paths
            .iter()
            .filter(|(template, item)| fits(template) && item.get(method.to_lowercase()).is_some());
        let best = fitting.min_by_key(|(template, _)| template.matches('{').count());
        &best
            .unwrap_or_else(|| panic!("{method} {path} is not documented"))
            .1[method.to_lowercase()]
    }

    fn resolved<'a>(&'a self, response: &'a Value) -> &'a Value {
        match response["$ref"]
            .as_str()
            .and_then(|place| place.strip_prefix('#'))
        {
            Some(place) => self.document.pointer(place).expect("what is referred to"),
            None => response,
        }
    }
}
