use kms_fixture::kms_test;

#[kms_test(
    users(
        short(name = "x", federated = true),
        behind_a_path(name = "team/guest", federated = true),
        not_at_all(name = "a guest", federated = true),
        bounded(federated = true, boundary = "worlds/right.json"),
        half_typed(federated = true, boun),
        without_a_value(federated = true, boundary),
        same(federated = true),
        same(federated = true, name = "x"),
        g(federated = true),
        gäste(federated = true),
        worded(federated = "yes"),
        flagged(federated),
        one(name = "guest", federated = true),
        two(name = "guest", federated = true),
        three(name = "Guest", federated = true),
        an_iam_user(name = "guest")
    ),
    roles(worker(federated = true), not_a_role(name = "a role"))
)]
async fn not_what_sts_allows() {}

fn main() {}
