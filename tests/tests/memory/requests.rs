//! What bodies, forms and heads take.

use std::sync::atomic::Ordering;

use axum::body::Body;
use http::header;
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use users_runtime::Compat;
use users_tests::PASSWORD;

use crate::application::{ALONE, App, FORM, JSON, KIB, LIMIT, MEMORY, MIB, ROUTES};

/// JSON values of about this many bytes, each of a kind that could become much of it.
fn documents(bytes: usize) -> Vec<(&'static str, String)> {
    let list = |item: &str| {
        let items = vec![item; bytes.saturating_sub(2) / (item.len() + 1)];
        format!("[{}]", items.join(","))
    };
    let nested = |open: &str, close: &str| {
        let depth = 900.min(bytes / (open.len() + close.len() + 1));
        let one = format!("{}0{}", open.repeat(depth), close.repeat(depth));
        let count = (bytes / (one.len() + 1)).max(1);
        format!("[{}]", vec![one; count].join(","))
    };
    let keys: Vec<_> = (0..bytes / 9)
        .map(|number| format!("\"{number:x}\":0"))
        .collect();
    vec![
        ("numbers", list("0")),
        ("empty lists", list("[]")),
        ("short lists", list("[0]")),
        ("empty objects", list("{}")),
        ("short objects", list("{\"\":0}")),
        ("empty texts", list("\"\"")),
        ("short texts", list("\"a\"")),
        ("long numbers", list("11111111111111111111")),
        ("nested lists", nested("[", "]")),
        ("nested objects", nested("{\"\":", "}")),
        ("keys", format!("{{{}}}", keys.join(","))),
        ("a long text", format!("\"{}\"", "x".repeat(bytes))),
        (
            "a text of escapes",
            format!("\"{}\"", "\\u00e9".repeat(bytes / 6)),
        ),
        ("open brackets", "[".repeat(bytes)),
    ]
}

/// Bodies with this document: it alone, in a field that is ignored, in fields that are read, in place of required ones.
fn bodies(document: &str) -> Vec<String> {
    let known = format!(
        "\"email\":\"x@example.com\",\"password\":\"{PASSWORD}\",\"given_name\":\"\",\"family_name\":\"\",\"street\":\"\",\"town\":\"\""
    );
    vec![
        document.to_owned(),
        format!("{{\"x\":{document}}}"),
        format!("{{{known},\"x\":{document}}}"),
        format!("{{{known},\"settings\":{document}}}"),
        format!("{{\"email\":{document}}}"),
        format!("{{{known},\"town\":{document}}}"),
        format!("{{\"token\":{document},\"password\":\"x\"}}"),
    ]
}

#[tokio::test]
async fn by_default_no_body_takes_more_than_8_mib() {
    let _alone = ALONE.lock().await;
    let app = App::start(|builder| builder).await;
    let mut statuses = std::collections::BTreeSet::new();
    for (kind, document) in documents(LIMIT - 300) {
        for body in bodies(&document) {
            let utf16: Vec<u8> = body
                .encode_utf16()
                .take(LIMIT / 2)
                .flat_map(u16::to_le_bytes)
                .collect();
            for (method, path) in ROUTES {
                for body in [Body::from(body.clone()), Body::from(utf16.clone())] {
                    let request = app.request(method, path, JSON, body);
                    let (status, peak) = app.measure(request).await;
                    assert!(
                        peak <= 8 * MIB,
                        "{method} {path} with {kind}: {status}, {peak} bytes"
                    );
                    statuses.insert(status);
                }
            }
        }
    }
    for reached in [200, 201, 202, 400, 422] {
        assert!(statuses.contains(&reached), "no {reached} in {statuses:?}");
    }
}

#[tokio::test]
async fn without_the_limits_the_same_bodies_take_much_more() {
    let _alone = ALONE.lock().await;
    let app = App::start(|builder| builder.body_limit(2 * MIB).json_value_limit(usize::MAX)).await;
    let (_, document) = documents(2 * MIB - 300).swap_remove(4);
    let request = app.request("POST", "/auth/register", JSON, document);
    let (status, peak) = app.measure(request).await;
    assert!(peak > 8 * MIB, "{status}, {peak} bytes");
}

#[tokio::test]
async fn by_default_no_form_takes_more_than_8_mib() {
    let _alone = ALONE.lock().await;
    let app = App::start(|builder| builder).await;
    let part = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";
    let odd_part = format!(
        "--x\r\nContent-Disposition: form-data; name=a{}\r\n\r\n\r\n",
        ";a".repeat(2000)
    );
    let multipart = "multipart/form-data; boundary=x";
    let many = |piece: &str| piece.repeat(LIMIT / piece.len());
    let forms = [
        (FORM, many("a&")),
        (FORM, many("%ff&")),
        (
            FORM,
            format!("username=x&password={}", many("%ff").split_off(30)),
        ),
        (
            FORM,
            format!("username={}&password=x", "é".repeat(LIMIT / 2 - 20)),
        ),
        (FORM, format!("grant_type={}", "x".repeat(LIMIT - 20))),
        (multipart, many(part)),
        (multipart, many(&odd_part)),
        (
            multipart,
            format!(
                "--x\r\nContent-Disposition: form-data; name=username\r\n\r\n{}\r\n--x--",
                "\u{ff}".repeat(LIMIT / 2 - 90)
            ),
        ),
    ];
    for path in ["/auth/jwt/login", "/auth/cookie/login"] {
        for (content_type, form) in &forms {
            assert!(form.len() <= LIMIT);
            let request = app.request("POST", path, content_type, form.clone());
            let (status, peak) = app.measure(request).await;
            assert!(peak <= 8 * MIB, "{path}: {status}, {peak} bytes");
            assert!([400, 422, 200, 204].contains(&status), "{status}");
        }
    }
}

#[tokio::test]
async fn by_default_no_head_takes_more_than_8_mib() {
    let _alone = ALONE.lock().await;
    let app = App::start(|builder| builder).await;
    // As much as hyper reads of a head.
    let long = 400 * KIB;
    let parameters = format!("multipart/form-data{}; boundary=x", ";a".repeat(long / 2));
    let charset = format!(
        "multipart/form-data; boundary=x; charset={}",
        "a-".repeat(long / 2)
    );
    let cookies = "fastapiusersauth=\"\\101\";".repeat(long / 24);
    let header = data_encoding(&format!(
        "{{\"alg\":\"HS256\",\"x\":[{}0]}}",
        "[0],".repeat(70_000)
    ));
    let heads = [
        ("content-type", parameters),
        ("content-type", charset),
        (
            "content-type",
            format!("{JSON}{}", "; a=b".repeat(long / 5)),
        ),
        ("cookie", cookies),
        ("authorization", format!("Bearer {header}.{header}.x")),
    ];
    for (name, value) in heads {
        for (method, path) in ROUTES.into_iter().chain([("POST", "/auth/jwt/login")]) {
            let mut request = app.request(method, path, FORM, "--x\r\n");
            request.headers_mut().insert(
                header::HeaderName::from_static(name),
                value.parse().expect("a header"),
            );
            let (status, peak) = app.measure(request).await;
            assert!(
                peak <= 8 * MIB,
                "{method} {path}, {name}: {status}, {peak} bytes"
            );
        }
    }
}

/// Base64 as tokens have it.
fn data_encoding(text: &str) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(text)
}

#[tokio::test]
async fn a_body_is_gone_when_a_password_is_hashed() {
    let _alone = ALONE.lock().await;
    for (compat, bytes) in [(Compat::Off, 40 * KIB), (Compat::FastApiUsers15, 4 * MIB)] {
        let app = App::start(|builder| builder.compat(compat)).await;
        for document in [
            format!("\"{}\"", "x".repeat(bytes)),
            format!("[{}0]", "[[]],".repeat(4000)),
        ] {
            let register = bodies(&document).swap_remove(2);
            let update = format!("{{\"password\":\"{PASSWORD}\",\"x\":{document}}}");
            for (method, path, body) in [
                ("POST", "/auth/register", register),
                ("PATCH", "/users/me", update),
            ] {
                let length = body.len();
                app.hasher.0.store(0, Ordering::SeqCst);
                let before = MEMORY.current_usage() - length;
                let request = app.request(method, path, JSON, body);
                let status = app.send(request).await;
                assert!([200, 201, 400].contains(&status), "{status}");
                let at_hash = app.hasher.0.load(Ordering::SeqCst);
                if status == 400 {
                    continue; // The address is taken, which is found out before.
                }
                assert!(at_hash > 0, "{method} {path} hashed nothing");
                assert!(
                    at_hash < before + length / 2,
                    "{compat:?} {method} {path}: {} bytes of {length} are left",
                    at_hash.saturating_sub(before)
                );
            }
        }
    }
}

#[tokio::test]
async fn in_the_preset_twelve_bodies_of_2_mib_at_once_take_less_than_200_mib() {
    let _alone = ALONE.lock().await;
    let app = App::start(|builder| builder.compat(Compat::FastApiUsers15)).await;
    for (kind, document) in documents(2 * MIB) {
        for body in bodies(&document).into_iter().skip(1).step_by(2) {
            let requests: Vec<_> = (0..12)
                .map(|_| app.request("POST", "/auth/register", JSON, body.clone()))
                .collect();
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let mut sent = JoinSet::new();
            for request in requests {
                let router = app.router.clone();
                sent.spawn(async move {
                    let answer = router.oneshot(request).await.expect("an answer");
                    // As a server does that writes it.
                    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
                    body.expect("a body").len()
                });
            }
            sent.join_all().await;
            let peak = MEMORY.peak_usage().saturating_sub(before);
            assert!(peak < 200 * MIB, "{kind}: {peak} bytes");
        }
    }
}
