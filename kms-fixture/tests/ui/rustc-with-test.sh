#!/bin/sh
# Adds `--test` when trybuild compiles a fixture; see README.md.
rustc="$1"
shift
case " $* " in
*" --crate-name trybuild"*) exec "$rustc" "$@" --test ;;
*) exec "$rustc" "$@" ;;
esac
