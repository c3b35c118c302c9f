#!/bin/sh
# Adds `--test` when trybuild compiles a fixture, and hides insta from the one that has to do without; see README.md.
rustc="$1"
shift
case " $* " in
*" --crate-name trybuild"*) set -- "$@" --test ;;
esac
case " $* " in
*"/snapshot_without_insta.rs "*)
    # `--extern insta=..` under a name that nobody uses: one argument is easier to change than two are to remove.
    for arg; do
        shift
        case "$arg" in
        insta=*) set -- "$@" "insta_is_hidden=${arg#insta=}" ;;
        *) set -- "$@" "$arg" ;;
        esac
    done
    ;;
esac
exec "$rustc" "$@"
