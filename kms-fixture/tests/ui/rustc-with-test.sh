#!/bin/sh
# Adds `--test` when trybuild compiles a fixture, and takes insta from the two that have to do without; see README.md.
rustc="$1"
shift
case " $* " in
*" --crate-name trybuild"*) set -- "$@" --test ;;
esac
case " $* " in
*"/snapshot_with_hidden_insta.rs "*)
    # `--extern insta=..` under a name that nobody uses: one argument is easier to change than two are to remove.
    for arg; do
        shift
        case "$arg" in
        insta=*) set -- "$@" "insta_is_hidden=${arg#insta=}" ;;
        *) set -- "$@" "$arg" ;;
        esac
    done
    ;;
*"/snapshot_without_insta.rs "*)
    # A manifest without insta, as far as the attribute can see.
    folder=$(mktemp -d)
    sed /insta/d "$CARGO_MANIFEST_PATH" >"$folder/Cargo.toml"
    CARGO_MANIFEST_PATH="$folder/Cargo.toml" "$rustc" "$@"
    code=$?
    rm -r "$folder"
    exit $code
    ;;
esac
exec "$rustc" "$@"
