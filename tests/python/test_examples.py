"""The examples for other test runners: they pass as they are, and a failing test shows its calls."""

import os
import shutil
import subprocess
import sys

import pytest

from server import BINARY, PATIENCE, ROOT

EXAMPLES = ROOT / "examples"


def run(command, folder, patience=4 * PATIENCE):
    env = os.environ | {"KMS_FIXTURE_BINARY": str(BINARY), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patience
    )


def run_pytest(folder, *arguments):
    return run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments], folder)


def test_the_pytest_example_passes():
    done = run_pytest(EXAMPLES / "pytest")
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


@pytest.fixture
def project(tmp_path):
    """A project with the plugin and nothing else."""
    for name in ("kms_fixture.py", "conftest.py", "pytest.ini"):
        shutil.copy(EXAMPLES / "pytest" / name, tmp_path)
    return tmp_path


def test_a_failing_pytest_shows_its_calls_and_why_one_was_refused(project):
    (project / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.kms(keys={'orders': {}}, roles={'worker': {}})\n"
        "def test_it(kms):\n"
        "    kms.client('worker').describe_key(KeyId=kms.key('orders'))\n"
    )
    done = run_pytest(project)
    assert done.returncode == 1
    assert "calls of kms" in done.stdout and "1  worker  DescribeKey  orders  AccessDeniedException" in done.stdout
    assert "no policy of worker allows kms:DescribeKey" in done.stdout


def test_the_tests_of_a_module_share_a_server_on_request(project):
    with (project / "pytest.ini").open("a") as settings:
        settings.write("kms_scope = module\n")
    (project / "world.json").write_text('{"keys": {"orders": {}}}')
    (project / "test_it.py").write_text(
        "import pytest\n"
        "pytestmark = pytest.mark.kms(scenario='world.json')\n"
        "def test_one(kms):\n"
        "    kms.client().create_key()\n"
        "def test_other(kms):\n"
        "    assert len(kms.client().list_keys()['Keys']) == 2\n"
    )
    done = run_pytest(project)
    assert done.returncode == 0, done.stdout


def test_a_grant_that_is_left_fails_a_test_that_denies_leaks(project):
    (project / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.kms(keys={'orders': {}}, leaks='deny')\n"
        "def test_it(kms):\n"
        "    kms.client().create_grant(KeyId=kms.key('orders'), GranteePrincipal=kms.arn('admin'), Operations=['Decrypt'])\n"
    )
    done = run_pytest(project)
    assert done.returncode == 1 and "CreateGrant" in done.stdout, done.stdout


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_the_node_example_passes(tmp_path):
    folder = tmp_path / "node"
    shutil.copytree(EXAMPLES / "node", folder, ignore=shutil.ignore_patterns("node_modules"))
    installed = run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], folder, 10 * PATIENCE)
    assert installed.returncode == 0, installed.stderr
    done = run(["npm", "test"], folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 3" in done.stdout or "pass 3" in done.stdout
