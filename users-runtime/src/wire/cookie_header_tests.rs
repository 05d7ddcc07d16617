//! The values are those of Starlette 1.10 and Python's `http.cookies`.

use http::{HeaderMap, HeaderValue, header::COOKIE};
use proptest::prelude::*;

use super::{CookieAttributes, InvalidCookie, SameSite, read_cookie};

fn cookie(headers: &[&str], name: &str) -> Option<String> {
    let bytes = |text: &str| {
        text.chars()
            .map(|char| u8::try_from(char).expect("Latin-1"))
            .collect::<Vec<u8>>()
    };
    let headers = headers.iter().map(|value| {
        (
            COOKIE,
            HeaderValue::from_bytes(&bytes(value)).expect("a header value"),
        )
    });
    read_cookie(&headers.collect::<HeaderMap>(), name)
}

fn written(attributes: &CookieAttributes, value: &str) -> String {
    attributes
        .set(value)
        .expect("a cookie")
        .to_str()
        .expect("ASCII")
        .to_owned()
}

#[test]
fn the_default_cookie_is_that_of_fastapi_users() {
    let mut attributes = CookieAttributes::default();
    assert_eq!(
        written(&attributes, "abc"),
        "fastapiusersauth=abc; HttpOnly; Path=/; SameSite=lax; Secure"
    );
    attributes.max_age = Some(3600);
    assert_eq!(
        written(&attributes, "a.b-c_d"),
        "fastapiusersauth=a.b-c_d; HttpOnly; Max-Age=3600; Path=/; SameSite=lax; Secure"
    );
    let cleared = attributes.clear().expect("a cookie");
    assert_eq!(
        cleared,
        r#"fastapiusersauth=""; HttpOnly; Max-Age=0; Path=/; SameSite=lax; Secure"#
    );
    assert!(cleared.is_sensitive());
}

#[test]
fn every_attribute_can_be_changed() {
    let attributes = CookieAttributes {
        name: "auth".into(),
        max_age: Some(0),
        path: "/app".into(),
        domain: Some(".example.com".into()),
        secure: false,
        http_only: false,
        same_site: SameSite::Strict,
    };
    assert_eq!(
        written(&attributes, "x"),
        "auth=x; Domain=.example.com; Max-Age=0; Path=/app; SameSite=strict"
    );
    let attributes = CookieAttributes {
        path: String::new(),
        domain: Some(String::new()),
        same_site: SameSite::None,
        secure: true,
        ..attributes
    };
    assert_eq!(
        written(&attributes, "x"),
        "auth=x; Max-Age=0; SameSite=none; Secure"
    );
}

#[test]
fn values_are_quoted_where_needed() {
    let attributes = CookieAttributes {
        name: "a".into(),
        path: String::new(),
        secure: false,
        http_only: false,
        ..CookieAttributes::default()
    };
    for (value, expected) in [
        ("", r#""""#),
        ("a b", r#""a b""#),
        ("a=b", r#""a=b""#),
        ("a;b,c", r#""a\073b\054c""#),
        (r#"a"b\c"#, r#""a\"b\\c""#),
        ("é\u{ff}", r#""\351\377""#),
        ("\r\n\0\u{7f}", r#""\015\012\000\177""#),
        ("!#$%&'*+-.^_`|~:", "!#$%&'*+-.^_`|~:"),
        ("()/<=>?@[]{}", r#""()/<=>?@[]{}""#),
    ] {
        assert_eq!(
            written(&attributes, value),
            format!("a={expected}; SameSite=lax"),
            "{value:?}"
        );
    }
    assert_eq!(attributes.set("€"), Err(InvalidCookie::Value));
}

#[test]
fn bad_names_paths_and_domains_are_errors() {
    for name in [
        "", "a b", "a=b", "a;b", "a,b", "a/b", "a\"", "é", "Path", "max-age", "SECURE", "a\n",
        "[a]", "(a)",
    ] {
        let attributes = CookieAttributes {
            name: name.into(),
            ..CookieAttributes::default()
        };
        assert_eq!(attributes.validate(), Err(InvalidCookie::Name(name.into())));
        assert_eq!(attributes.set("x"), Err(InvalidCookie::Name(name.into())));
    }
    for name in ["a", "__Host-auth", "$a", "a:b", "session.id"] {
        let attributes = CookieAttributes {
            name: name.into(),
            ..CookieAttributes::default()
        };
        assert_eq!(attributes.validate(), Ok(()), "{name}");
    }
    for text in ["/; Domain=evil", "/\r\nX: y", "é", "/é", "app", " /", "./"] {
        let path = CookieAttributes {
            path: text.into(),
            ..CookieAttributes::default()
        };
        assert_eq!(path.validate(), Err(InvalidCookie::Path(text.into())));
        let domain = CookieAttributes {
            domain: Some(text.into()),
            ..CookieAttributes::default()
        };
        let kept = text == "app";
        assert_eq!(domain.validate().is_ok(), kept, "{text}");
    }
}

#[test]
fn a_domain_is_the_name_of_a_host() {
    let with = |domain: &str| {
        let attributes = CookieAttributes {
            domain: Some(domain.into()),
            ..CookieAttributes::default()
        };
        attributes.validate()
    };
    for domain in [
        "https://example.com",
        "//example.com",
        "example.com:8000",
        "example.com/app",
        "example.com,example.org",
        "example.com, example.org",
        "user@example.com",
        "*.example.com",
        "..example.com",
        "example..com",
        "example.com.",
        ".",
        " example.com",
        "[::1]",
        "bücher.example",
        "example.com; Secure",
        &"a".repeat(64),
    ] {
        assert_eq!(with(domain), Err(InvalidCookie::Domain(domain.into())));
    }
    for domain in [
        "",
        "example.com",
        ".example.com",
        "EXAMPLE.com",
        "xn--bcher-kva.example",
        "a_b.example.com",
        "127.0.0.1",
        "localhost",
    ] {
        assert_eq!(with(domain), Ok(()), "{domain}");
    }
}

#[test]
fn a_prefix_of_the_name_is_kept() {
    let check = |name: &str, change: fn(&mut CookieAttributes)| {
        let mut attributes = CookieAttributes {
            name: name.into(),
            ..CookieAttributes::default()
        };
        change(&mut attributes);
        attributes.validate()
    };
    let insecure: fn(&mut CookieAttributes) = |cookie| cookie.secure = false;
    let with_path: fn(&mut CookieAttributes) = |cookie| cookie.path = "/app".into();
    let without_path: fn(&mut CookieAttributes) = |cookie| cookie.path = String::new();
    let with_domain: fn(&mut CookieAttributes) = |cookie| cookie.domain = Some("a.b".into());
    let for_scripts: fn(&mut CookieAttributes) = |cookie| cookie.http_only = false;
    for name in ["__Host-auth", "__host-auth", "__HOST-a", "__Host-Http-a"] {
        for change in [insecure, with_path, without_path, with_domain] {
            assert_eq!(
                check(name, change),
                Err(InvalidCookie::HostPrefix(name.into()))
            );
        }
        let without_domain = |cookie: &mut CookieAttributes| cookie.domain = Some(String::new());
        assert_eq!(check(name, without_domain), Ok(()), "{name}");
    }
    for name in ["__Secure-auth", "__secure-a", "__Http-a"] {
        let refused = Err(InvalidCookie::SecurePrefix(name.into()));
        assert_eq!(check(name, insecure), refused);
        assert_eq!(check(name, with_path), Ok(()));
        assert_eq!(check(name, with_domain), Ok(()));
    }
    for name in ["__Http-a", "__Host-Http-a", "__host-HTTP-a"] {
        let refused = Err(InvalidCookie::HttpPrefix(name.into()));
        assert_eq!(check(name, for_scripts), refused);
    }
    for name in ["__Host-a", "__Secure-a", "auth"] {
        assert_eq!(check(name, for_scripts), Ok(()), "{name}");
    }
    for name in ["__Hosta", "_Host-auth", "my__Host-auth", "__Secure"] {
        assert_eq!(check(name, insecure), Ok(()), "{name}");
    }
    let unsafe_everywhere: fn(&mut CookieAttributes) = |cookie| {
        cookie.same_site = SameSite::None;
        cookie.secure = false;
    };
    let refused = Err(InvalidCookie::InsecureSameSiteNone);
    assert_eq!(check("auth", unsafe_everywhere), refused);
}

#[test]
fn the_last_cookie_of_a_name_counts() {
    for (headers, expected) in [
        (&["a=1; a=2"][..], Some("2")),
        (&["a=1", "b=2"], Some("1")),
        (&["a=1", "a=2; b=3"], Some("2")),
        (&["a=1; a="], None),
        (&["a=; a=1"], Some("1")),
        (&["b=1"], None),
        (&["A=1"], None),
        (&[""], None),
        (&[], None),
    ] {
        assert_eq!(cookie(headers, "a").as_deref(), expected, "{headers:?}");
    }
}

#[test]
fn values_are_trimmed_and_unquoted() {
    for (header, expected) in [
        ("a=x=y=", "x=y="),
        ("  a  =  x  ", "x"),
        ("\ta\t=\tx\t;", "x"),
        ("b;;=; a=x", "x"),
        ("a=\u{e9}\u{a0}", "é"),
        (r#"a="x y""#, "x y"),
        (r#"a="""#, ""),
        (r#"a="x"#, r#""x"#),
        (r#"a=x""#, r#"x""#),
        (r#"a=""#, r#"""#),
        (r#"a="\"""#, r#"""#),
        (r#"a="\\""#, r"\"),
        (r#"a="\""#, r"\"),
        (r#"a="\101\351\377""#, "Aéÿ"),
        (r#"a="\073\054""#, ";,"),
        (r#"a="\400\08\1""#, r"400081"),
        (r#"a="\\101""#, r"\101"),
        (r#"a="\é\x""#, "éx"),
        (r#"a=" x ""#, " x "),
        (r#"a="x;y""#, r#""x"#),
    ] {
        let expected = Some(expected).filter(|expected| !expected.is_empty());
        assert_eq!(cookie(&[header], "a").as_deref(), expected, "{header}");
    }
}

#[test]
fn a_value_without_a_name_has_the_empty_name() {
    assert_eq!(cookie(&["x"], "").as_deref(), Some("x"));
    assert_eq!(cookie(&["=x; y"], "").as_deref(), Some("y"));
    assert_eq!(cookie(&["x"], "x"), None);
}

proptest! {
    #[test]
    fn reading_never_panics(header: Vec<u8>, name: String) {
        if let Ok(header) = HeaderValue::from_bytes(&header) {
            let _ = read_cookie(&HeaderMap::from_iter([(COOKIE, header)]), &name);
        }
    }

    #[test]
    fn reading_quoted_text_never_panics(value in "a=\"[\\\\0-9\"é;]{0,20}\"") {
        let _ = cookie(&[&value], "a");
    }

    #[test]
    fn what_is_written_is_read(value in "[\0-ÿ]{1,40}") {
        let attributes = CookieAttributes::default();
        let header = written(&attributes, &value);
        let pair = header.split_once("; ").expect("attributes").0;
        prop_assert_eq!(cookie(&["fastapiusersauth=other", pair], "fastapiusersauth"), Some(value));
    }
}

/// Browsers keep the prefix `__Host-` for cookies of this host alone, but see none behind such a blank.
#[test]
fn a_prefix_behind_a_blank_that_browsers_do_not_know_is_none() {
    let name = "__Host-fastapiusersauth";
    for blank in ['\u{85}', '\u{a0}'] {
        let sent = format!("{name}=own; {blank}{name}=planted");
        assert_eq!(cookie(&[&sent], name).as_deref(), Some("own"));
        let sent = format!("{blank}{name}=planted");
        assert_eq!(cookie(&[&sent], name), None);
        let plain = format!("{blank}auth=as Starlette");
        assert_eq!(cookie(&[&plain], "auth").as_deref(), Some("as Starlette"));
    }
}
