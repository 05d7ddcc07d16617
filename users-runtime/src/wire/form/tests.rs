//! Tests of the form reader: the observed answers of the original, its limits, and properties of any input.

use super::{Form, FormError, FormValue, read};
use proptest::prelude::*;

const URLENCODED: &[u8] = b"application/x-www-form-urlencoded";
const MULTIPART: &[u8] = b"multipart/form-data; boundary=x";
const MIB: usize = 1024 * 1024;

/// The fields as `name=value` and `name:FILE`, or the error's text.
fn shown(result: Result<Form, FormError>) -> Vec<String> {
    match result {
        Err(error) => vec![format!("! {error}")],
        Ok(form) => form
            .fields()
            .map(|(name, value)| match value {
                FormValue::Text(text) => format!("{name}={text}"),
                FormValue::File => format!("{name}:FILE"),
            })
            .collect(),
    }
}

fn urlencoded(body: &[u8]) -> Vec<String> {
    shown(read(Some(URLENCODED), body))
}

fn multipart(body: &[u8]) -> Vec<String> {
    shown(read(Some(MULTIPART), body))
}

/// A part with the given parameters of its disposition.
fn part(parameters: &str, data: &[u8]) -> Vec<u8> {
    [
        b"--x\r\nContent-Disposition: form-data",
        parameters.as_bytes(),
        b"\r\n\r\n",
        data,
        b"\r\n",
    ]
    .concat()
}

/// The usual login form.
fn login() -> Vec<u8> {
    [
        part("; name=\"username\"", b"log@x.co"),
        part("; name=\"password\"", b"secret1"),
        b"--x--\r\n".to_vec(),
    ]
    .concat()
}

const INVALID: &str = "! Invalid multipart data.";
const LOGIN: [&str; 2] = ["username=log@x.co", "password=secret1"];

#[test]
fn splits_urlencoded_fields() {
    let none: [&str; 0] = [];
    assert_eq!(urlencoded(b""), none);
    assert_eq!(urlencoded(b"&"), none);
    assert_eq!(urlencoded(b"username"), ["username="]);
    assert_eq!(urlencoded(b"&username=log@x.co&&password=secret1&"), LOGIN);
    assert_eq!(
        urlencoded(b"username=log@x.co;password=secret1"),
        ["username=log@x.co;password=secret1"]
    );
    assert_eq!(urlencoded(b"=&=x&a=b="), ["=", "=x", "a=b="]);
    assert_eq!(urlencoded(b"a=b\r\n&c[]=d\n"), ["a=b\r\n", "c[]=d\n"]);
}

#[test]
fn decodes_urlencoded_text() {
    assert_eq!(
        urlencoded(b"user%6eame=+log%40x.co%20"),
        ["username= log@x.co "]
    );
    assert_eq!(
        urlencoded(b"a=%&b=%zz&c=%4&d=%%41&e=%2B%26%00"),
        ["a=%", "b=%zz", "c=%4", "d=%A", "e=+&\0"]
    );
    assert_eq!(
        urlencoded(b"a=%C3%A9&b=%ff&c=%ED%A0%80"),
        ["a=é", "b=\u{FFFD}", "c=\u{FFFD}\u{FFFD}\u{FFFD}"]
    );
    assert_eq!(
        urlencoded(b"a=\xC3\xA9&b=%C3\xA9&c=\xFF"),
        ["a=Ã©", "b=\u{FFFD}©", "c=ÿ"]
    );
}

#[test]
fn limits_urlencoded_forms() {
    assert_eq!(urlencoded(&b"a=1&&".repeat(1000)).len(), 1000);
    assert_eq!(
        urlencoded(&b"a&".repeat(1001)),
        ["! Too many fields. Maximum number of fields is 1000."]
    );
    let field = [b"name=".as_slice(), &vec![b'a'; MIB - 4]].concat();
    assert_eq!(urlencoded(&field).len(), 1);
    let field = [b"name=".as_slice(), &vec![b'a'; MIB - 3]].concat();
    assert_eq!(
        urlencoded(&field),
        ["! Field exceeded maximum size of 1024KB."]
    );
}

#[test]
fn obeys_the_content_type() {
    let body = b"username=log@x.co&password=secret1";
    let kinds: [&[u8]; 6] = [
        b"APPLICATION/X-WWW-FORM-URLENCODED",
        b"application/x-www-form-urlencoded; charset=utf-8",
        b"application/x-www-form-urlencoded;charset=\"utf-16\"",
        b" application/x-www-form-urlencoded ",
        b"application/x-www-form-urlencoded\t; x",
        URLENCODED,
    ];
    for kind in kinds {
        assert_eq!(shown(read(Some(kind), body)), LOGIN);
    }
    let others: [&[u8]; 6] = [
        b"",
        b"application/json",
        b"application/x-www-form-urlencoded,text/plain",
        b"application/x-www-form-urlencoded2",
        b"application/x-www-form-urlencoded\"; x",
        b"multipart/mixed; boundary=x",
    ];
    for kind in others.into_iter().map(Some).chain([None]) {
        assert!(read(kind, body).is_ok_and(|form| form == Form::default()));
    }
}

#[test]
fn finds_the_boundary() {
    let kinds: [&[u8]; 6] = [
        b"MULTIPART/FORM-DATA; boundary=x",
        b"multipart/form-data; boundary=\"x\"",
        b"multipart/form-data;Boundary =\tx\t",
        b"multipart/form-data; boundary=y; boundary=x",
        b"multipart/form-data; a=\"; boundary=y\"; boundary=x",
        b"multipart/form-data; charset=latin-1; boundary=x; boundary*=y",
    ];
    for kind in kinds {
        assert_eq!(shown(read(Some(kind), &login())), LOGIN);
    }
    let missing: [&[u8]; 3] = [
        b"multipart/form-data",
        b"multipart/form-data; Boundary",
        b"multipart/form-data; a=\"; boundary=x",
    ];
    for kind in missing {
        assert_eq!(
            shown(read(Some(kind), &login())),
            ["! Missing boundary in multipart."]
        );
    }
    for kind in ["; boundary=y", "; boundary=", "; boundary"] {
        let kind = format!("multipart/form-data{kind}");
        assert_eq!(shown(read(Some(kind.as_bytes()), &login())), [INVALID]);
    }
    let kind = |length| format!("multipart/form-data; boundary={}", "b".repeat(length));
    assert!(read(Some(kind(256).as_bytes()), b"").is_ok());
    assert_eq!(shown(read(Some(kind(257).as_bytes()), b"")), [INVALID]);
}

#[test]
fn reads_delimiters() {
    let body = login();
    let with = |before: &[u8], after: &[u8]| multipart(&[before, &body, after].concat());
    assert_eq!(with(b"", b""), LOGIN);
    assert_eq!(with(b"\r\n", b"epilogue"), LOGIN);
    assert_eq!(with(b"\njunk without hyphens", b""), LOGIN);
    assert_eq!(with(b"preamble\r\n", b""), [INVALID]);
    let cut = |end: usize| multipart(body.get(..body.len() - end).unwrap_or_default());
    assert_eq!(cut(2), LOGIN);
    for end in [3, 4, 5, 6, 7] {
        assert_eq!(cut(end), ["username=log@x.co"]);
    }
    let none: [&str; 0] = [];
    for body in [
        "",
        "-",
        "--",
        "--x",
        "--x-",
        "--x--\r\n",
        "--x\r",
        "--x\r\n",
        "--x\r\nA",
        "--x\r\nA:",
        "\r\n",
    ] {
        assert_eq!(multipart(body.as_bytes()), none);
    }
    for body in [
        "garbage",
        "--x\nA: b",
        "--x ",
        "--x-a",
        "--x\r\nA: b\rc",
        "--x\r\n\r\r",
        "--x\r\n: b\r\n",
        "--x\r\nA : b",
    ] {
        assert_eq!(multipart(body.as_bytes()), [INVALID]);
    }
}

#[test]
fn tells_delimiters_from_data() {
    let data = |data: &[u8]| multipart(&[part("; name=a", data), b"--x--".to_vec()].concat());
    for text in [
        "\r\n--xa",
        "\r\n--x\ra",
        "\r\n--x-a",
        "\r\n--",
        "--x--",
        "\r\n--x-",
        "\r\n--x\n",
    ] {
        assert_eq!(data(text.as_bytes()), [format!("a={text}")]);
    }
    assert_eq!(
        data(b"1\r\n--x \t\r\nContent-Disposition: a; name=b\r\n\r\n2"),
        ["a=1", "b=2"]
    );
    assert_eq!(data(b"1\r\n--x --"), [INVALID]);
    assert_eq!(
        multipart(&[part("; name=a", b"1"), b"--x \r".to_vec()].concat()),
        Vec::<String>::new()
    );
}

#[test]
fn reads_part_headers() {
    let named = |header: &str| multipart(format!("--x\r\n{header}\r\n\r\nv\r\n--x--").as_bytes());
    assert_eq!(named("CONTENT-DISPOSITION:attachment; name=a"), ["a=v"]);
    assert_eq!(
        named("Content-Disposition: a; name=a\r\nContent-Disposition: a; name=b"),
        ["b=v"]
    );
    assert_eq!(
        named("Content-Disposition: a; Name=\"a;\\\"b\\\\\" \t"),
        ["a;\"b\\=v"]
    );
    assert_eq!(
        named("Content-Disposition: a; name=a\r\nContent-Transfer-Encoding: base64"),
        ["a=v"]
    );
    assert_eq!(
        named("Content-Disposition: a; name=a; filename=\"\""),
        ["a:FILE"]
    );
    assert_eq!(
        named("Content-Disposition: a; name=a; filename"),
        ["a:FILE"]
    );
    for header in [
        "A: b",
        "Content-Disposition: name=a",
        "Content-Disposition: a; name*=a",
        "Content-Disposition: a; filename=a",
    ] {
        assert_eq!(
            named(header),
            ["! The Content-Disposition header field \"name\" must be provided."]
        );
    }
}

#[test]
fn decodes_multipart_text() {
    let body = [
        part("; name=\"\u{e9}\"", b"\xC3\xA9"),
        part("; name=b", b"\xFF"),
        b"--x--".to_vec(),
    ]
    .concat();
    assert_eq!(multipart(&body), ["é=é", "b=ÿ"]);
    let with = |charset: &str| {
        shown(read(
            Some(format!("multipart/form-data; boundary=x; charset={charset}").as_bytes()),
            &body,
        ))
    };
    assert_eq!(with("UTF 8"), ["é=é", "b=ÿ"]);
    assert_eq!(with("ascii"), ["Ã©=Ã©", "b=ÿ"]);
    assert_eq!(with("utf-16-be"), ["쎩=쎩", "b=ÿ"]);
    assert_eq!(with("utf-32"), ["Ã©=Ã©", "b=ÿ"]);
}

#[test]
fn limits_multipart_forms() {
    let texts = |count: usize| part("; name=a", b"1").repeat(count);
    let files = |count: usize| part("; name=a; filename=f", b"1").repeat(count);
    assert_eq!(
        multipart(&[texts(1000), files(1000), b"--x--".to_vec()].concat()).len(),
        2000
    );
    assert_eq!(
        multipart(&texts(1001)),
        ["! Too many fields. Maximum number of fields is 1000."]
    );
    assert_eq!(
        multipart(&files(1001)),
        ["! Too many files. Maximum number of files is 1000."]
    );
    let too_large = ["! Part exceeded maximum size of 1024KB."];
    let (full, over) = (vec![b'a'; MIB], vec![b'a'; MIB + 1]);
    assert_eq!(
        multipart(&[part("; name=a", &full), b"--x--".to_vec()].concat()).len(),
        1
    );
    assert_eq!(multipart(&part("; name=a", &full)).len(), 0);
    assert_eq!(
        multipart(&[part("; name=a", &over), b"--x--".to_vec()].concat()),
        too_large
    );
    assert_eq!(multipart(&part("; name=a", &over)), too_large);
    assert_eq!(
        multipart(&[part("; name=a; filename=f", &over), b"--x--".to_vec()].concat()),
        ["a:FILE"]
    );
}

#[test]
fn limits_part_headers() {
    let with = |headers: &str| {
        multipart(
            format!("--x\r\n{headers}Content-Disposition: a; name=a\r\n\r\nv\r\n--x--").as_bytes(),
        )
    };
    assert_eq!(with(&"A: b\r\n".repeat(7)), ["a=v"]);
    assert_eq!(with(&"A: b\r\n".repeat(8)), [INVALID]);
    assert_eq!(with(&format!("A: {}\r\n", "b".repeat(4221))), ["a=v"]);
    assert_eq!(with(&format!("A: {}\r\n", "b".repeat(4222))), [INVALID]);
    assert_eq!(with(&format!("{}:\r\n", "A".repeat(4223))), ["a=v"]);
    assert_eq!(with(&format!("{}:\r\n", "A".repeat(4224))), [INVALID]);
}

#[test]
fn gives_the_last_value_and_hides_all() {
    let form = read(Some(URLENCODED), b"a=1&b=2&a=secret").unwrap_or_default();
    assert!(matches!(form.get("a"), Some(FormValue::Text(text)) if text == "secret"));
    assert!(form.get("c").is_none());
    assert_eq!(
        format!("{form:?} {:?} {:?}", form.get("a"), FormValue::File),
        "Form(3 fields) Some(Text(..)) File"
    );
}

/// Bytes that are likely to look like a multipart form with the boundary `x`.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"--x".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"--x\r\n".to_vec()),
        Just(b"\r\n--x".to_vec()),
        Just(b"--".to_vec()),
        Just(b"Content-Disposition: a; name=\"b\"".to_vec()),
        Just(b"; filename=".to_vec()),
        prop::collection::vec(any::<u8>(), 0..3),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn never_panics(kind in prop::collection::vec(any::<u8>(), 0..40), body in prop::collection::vec(any::<u8>(), 0..200)) {
        for start in [URLENCODED, MULTIPART, b"multipart/form-data; ", b""] {
            let _ = read(Some(&[start, &kind].concat()), &body);
        }
        prop_assert!(read(Some(URLENCODED), &body).is_ok());
    }

    #[test]
    fn never_panics_on_parts(mut body in pieces()) {
        let _ = read(Some(MULTIPART), &body);
        body.splice(0..0, *b"--x\r\n");
        let _ = read(Some(MULTIPART), &body);
    }

    #[test]
    fn reads_what_was_urlencoded(fields in prop::collection::vec((any::<String>(), any::<String>()), 0..8)) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let sent: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        prop_assert_eq!(urlencoded(body.as_bytes()), sent);
    }

    #[test]
    fn reads_what_was_sent_in_parts(values in prop::collection::vec("[^-]{0,20}", 0..8)) {
        let mut body: Vec<u8> = values.iter().flat_map(|value| part("; name=a", value.as_bytes())).collect();
        body.extend_from_slice(b"--x--");
        let sent: Vec<String> = values.iter().map(|value| format!("a={value}")).collect();
        prop_assert_eq!(multipart(&body), sent);
    }
}
