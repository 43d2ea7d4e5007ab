"""The recipes that cannot be run here: their files are checked for consistency."""
import re
import unittest
from urllib.parse import urlsplit

import yaml

from support.programs import HERE, RECIPES, RECIPES_HOME
from support.recipe import rows

PORT = 4580


def parsed(path):
    """The contents of a YAML file."""
    return yaml.safe_load((RECIPES_HOME / path).read_text())


class TestReadme(unittest.TestCase):
    """docs/recipes/README.md names every recipe, and which of them are run."""

    def test_every_recipe_has_a_row_and_every_row_a_recipe(self):
        told = {link.rstrip("/") for link in rows()}
        there = {path.name for path in RECIPES_HOME.iterdir()} - {"README.md"}

        self.assertEqual({link.split("/")[0] for link in told if not link.startswith("..")},
                         there)

    def test_exactly_the_recipes_that_are_not_run_are_marked(self):
        for link, row in rows().items():
            with self.subTest(link):
                # The recipes of the image are run by the tests of the image.
                run = link.rstrip("/") in RECIPES or link.startswith("../../docker/")
                self.assertNotEqual("not run here" in row, run)


class TestHelpers(unittest.TestCase):
    """The recipes for Testcontainers contain the helpers of the other recipes, so that each
    folder can be copied alone."""

    def test_the_helpers_are_the_same(self):
        for path in ("javascript/ivs-local.js", "go/ivslocal_test.go",
                     "java/src/test/java/IvsLocal.java"):
            with self.subTest(path):
                self.assertEqual((RECIPES_HOME / "testcontainers" / path).read_text(),
                                 (RECIPES_HOME / path).read_text())

    def test_the_fixtures_after_that_of_the_server_are_the_same(self):
        copies = [(RECIPES_HOME / folder / "conftest.py").read_text()
                  for folder in ("python", "testcontainers/python")]

        parts = [copy.partition("@pytest.fixture\ndef account(")[2] for copy in copies]
        self.assertTrue(parts[0])
        self.assertEqual(parts[0], parts[1])


class TestServices(unittest.TestCase):
    """Services of CI systems: the address that the application gets is that of the
    server."""

    def assert_caller(self, variables, host):
        """The variables direct an SDK to this host."""
        address = urlsplit(variables["AWS_ENDPOINT_URL_IVS"])
        self.assertEqual((address.scheme, address.hostname, address.port),
                         ("http", host, PORT))
        self.assertRegex(variables["AWS_ACCESS_KEY_ID"], r"^[0-9]{12}$")
        for name in ("AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"):
            self.assertTrue(variables[name])

    def assert_built(self, commands, address):
        """The commands build IVS Local, start what was built and wait at the address."""
        root = HERE.parent.parent
        self.assertIn("ivs-local/scripts/run --version", commands)
        self.assertTrue((root / "scripts" / "run").exists())
        self.assertIn("build/release/ivs-local", (root / "scripts" / "run").read_text())
        self.assertIn("ivs-local/build/release/ivs-local --db :memory:", commands)
        self.assertIn("$AWS_ENDPOINT_URL_IVS/_ivs-local/health", commands)
        self.assertEqual(urlsplit(address).hostname, "127.0.0.1")

    def test_github_actions_publishes_the_port_that_the_job_calls(self):
        workflow = parsed("ci/github-actions.yaml")
        service = workflow["jobs"]["image"]["services"]["ivs"]

        self.assertEqual(service["ports"], [f"{PORT}:{PORT}"])
        self.assertEqual(set(service["credentials"]), {"username", "password"})
        self.assertEqual(workflow["jobs"]["image"]["permissions"]["packages"], "read")
        self.assert_caller(workflow["env"], "127.0.0.1")

    def test_github_actions_can_build_the_server(self):
        workflow = parsed("ci/github-actions.yaml")

        commands = "\n".join(step.get("run", "")
                             for step in workflow["jobs"]["build"]["steps"])
        self.assert_built(commands, workflow["env"]["AWS_ENDPOINT_URL_IVS"])

    def test_gitlab_calls_the_service_by_its_alias(self):
        pipeline = parsed("ci/gitlab-ci.yaml")
        job = pipeline["image"]

        self.assert_caller({**pipeline["variables"], **job["variables"]},
                           job["services"][0]["alias"])

    def test_gitlab_can_build_the_server(self):
        job = parsed("ci/gitlab-ci.yaml")["build"]

        self.assert_built("\n".join(job["before_script"]),
                          job["variables"]["AWS_ENDPOINT_URL_IVS"])

    def test_compose_starts_the_application_when_the_server_is_healthy(self):
        services = parsed(HERE.parent.parent / "docker" / "compose.yaml")["services"]

        self.assertEqual(services["app"]["depends_on"],
                         {"ivs": {"condition": "service_healthy"}})
        self.assertIn("health", services["ivs"]["healthcheck"]["test"])
        self.assert_caller(services["app"]["environment"], "ivs")

    def test_the_image_listens_where_the_recipes_call(self):
        dockerfile = (HERE.parent.parent / "docker" / "Dockerfile").read_text()

        self.assertRegex(dockerfile, rf"(?m)^EXPOSE {PORT}$")
        self.assertRegex(dockerfile, r"(?m)^HEALTHCHECK ")


class TestTerraform(unittest.TestCase):
    """The settings of the provider. Its calls are replayed in ../terraform."""

    def test_the_resources_are_those_that_are_replayed(self):
        code = (RECIPES_HOME / "terraform" / "main.tf").read_text()

        self.assertEqual(set(re.findall(r'^(?:resource|data) "(\w+)"', code, re.M)), {
            "aws_ivs_channel", "aws_ivs_recording_configuration", "aws_ivs_stream_key"})

    def test_only_the_ignored_file_is_about_the_server(self):
        home = RECIPES_HOME / "terraform"

        for service in ("ivs", "ivschat"):
            self.assertRegex((home / "ivs_local_override.tf").read_text(),
                             rf'\b{service} += "http://127\.0\.0\.1:{PORT}"')
        self.assertNotIn(str(PORT), (home / "main.tf").read_text())
        self.assertIn("*_override.tf", (home / ".gitignore").read_text().splitlines())
