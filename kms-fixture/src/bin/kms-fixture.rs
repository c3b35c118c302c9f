//! The `kms-fixture` command; see `kms-fixture --help`.

fn main() -> std::process::ExitCode {
    kms_fixture::cli::main()
}
