//! Whose states are read, and what they show.

use super::*;

fn keys() -> JwtKeys {
    JwtKeys::hs256([7; 32]).expect("32 bytes are enough")
}

fn state(id: Option<&str>) -> State {
    State {
        csrf: "c".into(),
        id: id.map(str::to_owned),
        subject: None,
        flow: Some(Flow::login("oidc", "jwt")),
        next: None,
    }
}

#[test]
fn a_state_belongs_to_one_browser() {
    for id in [None, Some("1")] {
        let signed = state(id).sign(&keys()).expect("a state");
        let read = State::read(&signed, Some("c"), &keys()).expect("the same state");
        assert_eq!(read.state.flow, Some(Flow::login("oidc", "jwt")));
        assert_eq!(read.state.id.as_deref(), id);
        assert_eq!(read.proofs.is_some(), id.is_some());
        let shown = read.state.csrf.as_str();
        for other in [None, Some(""), Some("d"), Some("cc"), Some(shown)] {
            let refused = State::read(&signed, other, &keys()).err();
            let is_own = other == Some("c");
            assert_eq!(
                refused,
                (!is_own).then_some(StateError::Invalid),
                "{id:?}, {other:?}"
            );
        }
        let others = JwtKeys::hs256([8; 32]).expect("32 bytes are enough");
        assert_eq!(
            State::read(&signed, Some("c"), &others).err(),
            Some(StateError::Undecodable)
        );
    }
}

#[test]
fn a_state_with_an_id_does_not_show_the_cookie() {
    let shown = |id| {
        let signed = state(id).sign(&keys()).expect("a state");
        let claims = keys()
            .decode(&signed, &[AUDIENCE], SystemTime::now())
            .expect("a state");
        claims.text("csrftoken").expect("a text").to_owned()
    };
    assert_eq!(shown(None), "c", "as the original writes it");
    assert_ne!(shown(Some("1")), "c");
    assert_eq!(shown(Some("1")), shown(Some("2")), "of one browser");
}

#[test]
fn an_empty_cookie_is_no_proof() {
    for id in [None, Some("1".to_owned())] {
        let empty = State {
            csrf: String::new(),
            ..state(id.as_deref())
        };
        let signed = empty.sign(&keys()).expect("a state");
        for cookie in [Some(""), None] {
            assert_eq!(
                State::read(&signed, cookie, &keys()).err(),
                Some(StateError::Invalid)
            );
        }
    }
}

#[test]
fn a_failed_state_is_read_without_cookie_and_after_its_time() {
    let claims = Claims::new()
        .with("csrftoken", "c")
        .with("aud", AUDIENCE)
        .with("exp", 1);
    let expired = keys().encode(&claims).expect("a state");
    assert_eq!(
        State::read(&expired, Some("c"), &keys()).err(),
        Some(StateError::Expired)
    );
    for (cookie, is_of_browser) in [(Some("c"), true), (Some("d"), false), (None, false)] {
        let read = State::read_failed(&expired, cookie, &keys()).expect("a signature of ours");
        assert_eq!(read.is_of_browser, is_of_browser);
    }
    let others = JwtKeys::hs256([8; 32]).expect("32 bytes are enough");
    assert!(State::read_failed(&expired, Some("c"), &others).is_none());
}

#[test]
fn the_challenge_is_that_of_rfc_7636() {
    // Appendix B.
    let proofs = Proofs {
        verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
        nonce: String::new(),
    };
    assert_eq!(
        proofs.challenge(),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
    let proofs = Proofs::of("1", &keys().mac_key());
    assert_eq!(proofs.verifier.len(), 43);
    assert_ne!(proofs.verifier, proofs.nonce);
    assert_ne!(proofs.verifier, Proofs::of("2", &keys().mac_key()).verifier);
}

#[test]
fn a_state_is_used_once() {
    let used = UsedStates::default();
    assert!(used.is_first_use("a"));
    assert!(!used.is_first_use("a"));
    assert!(used.is_first_use("b"));
}
