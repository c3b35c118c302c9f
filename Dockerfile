# An image of `kms-fixture serve`, for clients that cannot start a process. No CI of this repository builds it.
#
#   docker build -t kms-fixture .
#   docker run --rm --init -p 127.0.0.1:4599:4599 -v "$PWD:/scenarios:ro" kms-fixture --scenario /scenarios/scenario.json
#
# Publish the port on loopback only, as above: the credentials that the server prints are no secret, and everything that
# reaches the port may use the control endpoints.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Cargo.toml Cargo.lock README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT ./
COPY kms-fixture kms-fixture
COPY kms-fixture-macros kms-fixture-macros
# The suite is not part of the image.
RUN sed -i 's/, "tests"\]/]/' Cargo.toml && cargo build --release -p kms-fixture --features cli

FROM debian:bookworm-slim
COPY --from=build /source/target/release/kms-fixture /usr/local/bin/kms-fixture
COPY LICENSE-APACHE LICENSE-MIT /usr/share/doc/kms-fixture/
USER 65534:65534
EXPOSE 4599
ENTRYPOINT ["kms-fixture", "serve", "--listen", "0.0.0.0:4599", "--allow-other-machines"]
