//! Which failed branch stands for its step, and what the caller is told.

use routing::{Cause, RouteId, SipCode, Unreachable, best_branch, final_code};

const REFUSED: Cause = Cause::Unreachable(Unreachable::Refused);

fn far(code: u16) -> Cause {
    Cause::Response(SipCode::new(code).unwrap())
}

#[test]
fn the_best_failed_branch_wins_whatever_the_order() {
    // The branches have the route ids 1, 2, 3 in the order written; the winner is (id, cause).
    let rows: [(&str, &[Cause], (i64, Cause)); 15] = [
        ("503 and 486", &[far(503), far(486)], (2, far(486))),
        ("486 and 404", &[far(486), far(404)], (2, far(404))),
        ("480 and a local time-out", &[far(480), Cause::NoAnswer], (2, Cause::NoAnswer)),
        ("6xx beats all", &[far(302), far(401), far(603)], (3, far(603))),
        ("3xx beats 4xx", &[far(401), far(302)], (2, far(302))),
        ("a challenge beats other 4xx", &[far(400), far(407)], (2, far(407))),
        ("484 beats 404", &[far(404), far(484)], (2, far(484))),
        ("the lower of the special 4xx", &[far(484), far(401)], (2, far(401))),
        ("4xx beats 5xx", &[far(500), far(499)], (2, far(499))),
        ("503 is the last of the 5xx", &[far(503), far(599)], (2, far(599))),
        ("refused counts as 503", &[REFUSED, far(505)], (2, far(505))),
        ("two local time-outs: no answer", &[Cause::NoResponse, Cause::NoAnswer], (2, Cause::NoAnswer)),
        ("the same code: lowest id", &[far(486), far(486)], (1, far(486))),
        ("a far 408 and a local one: lowest id", &[far(408), Cause::NoResponse], (1, far(408))),
        ("no circle", &[Cause::NoResponse, far(408), Cause::NoAnswer], (2, far(408))),
    ];
    for (sentence, causes, (id, cause)) in rows {
        let mut branches: Vec<(RouteId, Cause)> = (1..).map(RouteId).zip(causes.iter().copied()).collect();
        for _ in 0..branches.len() {
            assert_eq!(best_branch(&branches), Some((RouteId(id), cause)), "{sentence}: {branches:?}");
            branches.rotate_left(1);
        }
    }
    assert_eq!(best_branch(&[]), None);
}

#[test]
fn the_caller_is_never_told_503_nor_redirected() {
    for (cause, expected) in [
        (far(503), 500),
        (REFUSED, 500),
        (Cause::NoResponse, 408),
        (Cause::NoAnswer, 408),
        (far(300), 480),
        (far(399), 480),
        (far(486), 486),
        (far(500), 500),
        (far(603), 603),
    ] {
        assert_eq!(final_code(cause).get(), expected, "{cause}");
    }
}

#[test]
fn a_code_outside_100_to_699_is_refused() {
    for (code, expected) in [(99, false), (100, true), (699, true), (700, false)] {
        assert_eq!(SipCode::new(code).is_ok(), expected, "{code}");
        assert_eq!(serde_json::from_str::<SipCode>(&code.to_string()).is_ok(), expected, "{code} as JSON");
    }
}
