//! Compiles every case.

#[test]
fn mistakes_are_told_where_they_stand_and_right_code_compiles() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("fail/**/*.rs");
    cases.pass("pass/**/*.rs");
}
