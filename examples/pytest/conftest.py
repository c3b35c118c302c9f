pytest_plugins = ["kms_fixture"]
