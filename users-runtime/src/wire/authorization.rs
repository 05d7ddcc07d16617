//! The `Authorization` header.

use http::{HeaderMap, header};

use super::latin1;

/// The token of an `Authorization: Bearer` header (RFC 6750, section 2.1), as FastAPI's `OAuth2PasswordBearer` reads it.
///
/// The scheme is case-insensitive and ends at the first space; space around the token is dropped. Of several headers the first
/// counts, whatever its scheme. An empty token is `None`.
pub fn bearer_token(headers: &HeaderMap) -> Option<String> {
    let value = latin1::text(headers.get(header::AUTHORIZATION)?);
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
    use proptest::prelude::*;

    use super::bearer_token;

    fn token_of(values: &[&[u8]]) -> Option<String> {
        let values = values.iter().map(|value| {
            (
                AUTHORIZATION,
                HeaderValue::from_bytes(value).expect("a header value"),
            )
        });
        bearer_token(&values.collect::<HeaderMap>())
    }

    #[test]
    fn case_and_space_do_not_matter() {
        for value in [
            "Bearer abc",
            "bearer abc",
            "BEARER abc",
            "bEaReR   abc",
            "Bearer abc  ",
            "Bearer \tabc\t",
        ] {
            assert_eq!(
                token_of(&[value.as_bytes()]).as_deref(),
                Some("abc"),
                "{value}"
            );
        }
        assert_eq!(token_of(&[b"Bearer a b  c"]).as_deref(), Some("a b  c"));
        assert_eq!(
            token_of(&[b"Bearer \xa0\xe9\xff\x85"]).as_deref(),
            Some("éÿ")
        );
        assert_eq!(token_of(&["Bearer é".as_bytes()]).as_deref(), Some("Ã©"));
    }

    #[test]
    fn everything_else_has_no_token() {
        for value in [
            "",
            "abc",
            "Bearer",
            "Bearer ",
            "Bearer   ",
            "Bearer\tabc",
            "Bearer\t abc",
            " Bearer abc",
            "\tBearer abc",
            "Basic abc",
            "Bearerabc",
            "Bearer:abc",
            "Bearer, abc",
            "Béarer abc",
            "token=Bearer abc",
        ] {
            assert_eq!(token_of(&[value.as_bytes()]), None, "{value:?}");
        }
        assert_eq!(token_of(&[]), None);
    }

    #[test]
    fn only_the_first_header_counts() {
        assert_eq!(token_of(&[b"Bearer a", b"Bearer b"]).as_deref(), Some("a"));
        assert_eq!(token_of(&[b"Basic a", b"Bearer b"]), None);
    }

    proptest! {
        #[test]
        fn reading_never_panics(value: Vec<u8>) {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                let _ = bearer_token(&HeaderMap::from_iter([(AUTHORIZATION, value)]));
            }
        }

        #[test]
        fn a_token_comes_through(token in "[!-~]{1,200}") {
            prop_assert_eq!(token_of(&[format!("Bearer {token}").as_bytes()]), Some(token));
        }
    }
}
