struct Unit;
::core::compile_error! {
    "`#[kms_test]` goes on a function, found `struct`"
}
