#!/usr/bin/env python3
"""Tests of the lint checks: each finds a planted fault, and only that.

usage: test_lint.py
"""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import banned
import circles
import common
import docs
import format
import layers


class Project(unittest.TestCase):
    """A project in its own folder, with the files that a test writes."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = os.path.realpath(folder.name)

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        return full

    def assert_one(self, findings, *parts):
        """Asserts that there is exactly one finding, which contains all the parts."""
        self.assertEqual(len(findings), 1, findings)
        for part in parts:
            self.assertIn(part, findings[0])


class Code(unittest.TestCase):
    def test_comments_and_strings_are_blanked_and_lines_kept(self):
        text = 'a("x // y"); /* b\n c */ d(\'"\'); // e\nf("\\"/*");\n'

        code = common.code_only(text)

        self.assertEqual(code.split(), ["a(", ");", "d(", ");", "f(", ");"])
        self.assertEqual([len(l) for l in code.split("\n")], [len(l) for l in text.split("\n")])

    def test_strings_are_kept_if_only_comments_are_blanked(self):
        text = '#include "a/b.h" /* "c.h" */\n'

        self.assertEqual(common.without_comments(text).strip(), '#include "a/b.h"')


class Layers(Project):
    def setUp(self):
        super().setUp()
        for module, name in [("base", "buf"), ("store", "txn"), ("data", "tags"),
                             ("api", "json"), ("ivs", "rules"), ("ivschat", "room"),
                             ("app", "app"), ("http", "server")]:
            self.write(f"include/{module}/{name}.h", "")

    def test_a_clean_project_passes(self):
        self.write("src/data/tags.c",
                   '#include "data/tags.h"\n#include "base/buf.h"\n#include "store/txn.h"\n'
                   '#include "bind_internal.h"\n/* #include "app/app.h" */\n')
        self.write("src/data/bind_internal.h", "")
        self.write("src/app/main.c", '#include "app/app.h"\n#include "ivs/rules.h"\n')
        self.write("src/tools/tables.c", '#include "app/app.h"\n')
        self.write("src/store/txn.c", '#include "store/txn.h"\n#include <sqlite3.h>\n')
        self.write("src/ivs/rules.c", '#include "ivs/rules.h"\n#include "operations.def"\n')
        self.write("src/ivs/operations.def", "")

        self.assertEqual(layers.check(self.root), [])

    def test_a_module_includes_only_what_is_below_it(self):
        self.write("src/store/a.c", '\n#include "data/tags.h"\n')

        self.assert_one(layers.check(self.root), "src/store/a.c:2:", "may not include data")

    def test_a_public_header_obeys_the_table_too(self):
        self.write("include/http/client.h", '#include "store/txn.h"\n')

        self.assert_one(layers.check(self.root), "include/http/client.h:1:", "store")

    def test_base_includes_nothing_of_ours(self):
        self.write("src/base/a.c", '#include "store/txn.h"\n')

        self.assert_one(layers.check(self.root), "base may not include store")

    def test_services_do_not_include_each_other(self):
        self.write("src/ivs/a.c", '#include "ivschat/room.h"\n')

        self.assert_one(layers.check(self.root), "ivs may not include ivschat")

    def test_nothing_includes_app(self):
        self.write("src/ivs/a.c", '#include "app/app.h"\n')

        self.assert_one(layers.check(self.root), "nothing but app includes app")

    def test_an_unknown_folder_is_found(self):
        self.write("src/misc/a.c", "")

        self.assert_one(layers.check(self.root), "src/misc/a.c:1:", "not in the table")

    def test_a_file_outside_the_folders_is_found(self):
        self.write("src/a.c", "")

        self.assert_one(layers.check(self.root), "src/a.c:1:", "not in the table")

    LIBRARIES = [
        ("src/http", "microhttpd.h microhttpd_ws.h curl/curl.h curl/easy.h curl.h easy.h"),
        ("src/store", "sqlite3.h sqlite3ext.h"),
        ("src/base", "gnutls/gnutls.h gnutls/crypto.h gnutls/dtls.h gnutls.h uuid/uuid.h uuid.h"),
        ("src/base", "unistr.h unictype.h unicase.h uniconv.h unigbrk.h unilbrk.h uniname.h "
                     "uninorm.h unistdio.h unitypes.h uniwbrk.h uniwidth.h unistring/version.h"),
    ]
    FOLDERS = ("src/base", "src/base/tls", "src/http", "src/http/ws", "src/store",
               "src/store/files", "src/live", "src/app", "src/tools", "include/base",
               "include/http", "include/store")

    def test_each_library_stays_in_its_folder_and_below(self):
        for at_home, names in self.LIBRARIES:
            for header in names.split():
                for folder in self.FOLDERS:
                    with self.subTest(header=header, folder=folder):
                        path = f"{folder}/a.{'c' if folder.startswith('src') else 'h'}"

                        full = self.write(path, f"#include <{header}>\n")

                        if folder == at_home or folder.startswith(at_home + "/"):
                            self.assertEqual(layers.check(self.root), [])
                        else:
                            self.assert_one(layers.check(self.root), f"{path}:1:", header, at_home)
                        os.remove(full)

    def test_system_headers_are_allowed_everywhere(self):
        self.write("src/live/a.c", "#include <unistd.h>\n#include <sys/uio.h>\n#include <netdb.h>\n"
                                   "#include <cjson/cJSON.h>\n")

        self.assertEqual(layers.check(self.root), [])

    def test_a_library_has_no_second_name(self):
        for name in ("./sqlite3.h", "../include/sqlite3.h", "/usr/include/sqlite3.h",
                     "uuid/../uuid/uuid.h", "gnutls/./gnutls.h"):
            with self.subTest(name=name):
                self.write("src/live/a.c", f"#include <{name}>\n")

                self.assertTrue(layers.check(self.root))
                self.assertIn("src/live/a.c:1:", layers.check(self.root)[0])

    def test_quotes_do_not_lead_out_of_the_project(self):
        outside = self.write("tests/support/a.h", "")
        for name in (outside, "../../tests/support/a.h", "../../../../../../../usr/include/stdio.h"):
            with self.subTest(name=name):
                self.write("src/app/a.c", f'#include "{name}"\n')

                self.assert_one(layers.check(self.root), "src/app/a.c:1:", "neither")

    def test_a_project_header_in_angle_brackets_is_found(self):
        self.write("src/http/a.c", "#include <store/txn.h>\n")

        self.assert_one(layers.check(self.root), "src/http/a.c:1:", "<store/txn.h> is ours")

    def test_an_include_that_is_not_plain_is_found(self):
        for text in ("#include SQLITE\n", "# include_next <sqlite3.h>\n", "#import <sqlite3.h>\n",
                     "%: include <sqlite3.h>\n", "#include <curl//curl.h>\n"):
            with self.subTest(text=text):
                self.write("src/app/a.c", "\n" + text)

                self.assert_one(layers.check(self.root), "src/app/a.c:2:", "not an #include")

    def test_only_headers_and_tables_are_included(self):
        for name in ("b.c", "b.inc"):
            with self.subTest(name=name):
                full = self.write(f"src/live/{name}", "")
                self.write("src/live/a.c", f'#include "{name}"\n')

                self.assert_one(layers.check(self.root), "src/live/a.c:1:", "neither a header")
                os.remove(full)

    def test_folders_of_a_module_obey_its_row(self):
        self.write("src/http/ws/frame_internal.h", '#include "store/txn.h"\n')

        self.assert_one(layers.check(self.root), "src/http/ws/frame_internal.h:1:",
                        "http may not include store")

    def test_each_module_includes_what_its_row_says_and_no_more(self):
        for module in layers.MAY_INCLUDE:
            self.write(f"include/{module}/x.h", "")
        for module, allowed in layers.MAY_INCLUDE.items():
            for other in layers.MAY_INCLUDE:
                with self.subTest(module=module, other=other):
                    full = self.write(f"src/{module}/a.c", f'#include "{other}/x.h"\n')

                    if (allowed is layers.ALL or other in allowed or other in (module, "base")):
                        self.assertEqual(layers.check(self.root), [])
                    else:
                        self.assert_one(layers.check(self.root), f"src/{module}/a.c:1:", other)
                    os.remove(full)

    def test_no_module_includes_in_a_circle(self):
        graph = {module: set() if allowed is layers.ALL else allowed
                 for module, allowed in layers.MAY_INCLUDE.items()}

        self.assertEqual(circles.circles(graph), [])

    def test_public_headers_name_no_library_of_one_folder(self):
        self.write("include/store/store.h", "#include <sqlite3.h>\n")

        self.assert_one(layers.check(self.root), "include/store/store.h:1:", "sqlite3.h")

    def test_json_is_not_for_store_and_data(self):
        for folder in ("src/store", "include/data"):
            with self.subTest(folder=folder):
                self.write(f"{folder}/a.h" if "include" in folder else f"{folder}/a.c",
                           "#include <cjson/cJSON.h>\n")

                found = [f for f in layers.check(self.root) if folder in f]

                self.assert_one(found, "cJSON.h is not for")

    def test_json_of_ours_is_not_for_store_and_data_either(self):
        self.write("include/base/json.h", "")
        self.write("src/data/a.c", '#include "base/json.h"\n')

        self.assert_one(layers.check(self.root), "src/data/a.c:1:", "base/json.h is not for data")

    def test_private_headers_stay_in_their_folder(self):
        self.write("src/ivs/rules_internal.h", "")
        self.write("src/app/a.c", '#include "../ivs/rules_internal.h"\n')

        self.assert_one(layers.check(self.root), "src/app/a.c:1:", "private to src/ivs")

    def test_private_headers_say_so_in_their_name(self):
        self.write("src/ivs/rules.h", "")

        self.assert_one(layers.check(self.root), "src/ivs/rules.h:1:", "_internal.h")

    def test_the_own_header_comes_first(self):
        self.write("src/data/tags.c", '#include "base/buf.h"\n#include "data/tags.h"\n')

        self.assert_one(layers.check(self.root), "src/data/tags.c:1:", '"data/tags.h"')

    def test_a_header_that_is_not_there_is_found(self):
        self.write("src/ivs/a.c", '#include "ivs/nothing.h"\n')

        self.assert_one(layers.check(self.root), "src/ivs/a.c:1:", "neither")


class Circles(Project):
    CALLS = "int {0}_do(void)\n{{\n    return {1};\n}}\n"

    def test_a_clean_project_passes(self):
        self.write("include/live/a.h", '#include "base/b.h"\n')
        self.write("include/base/b.h", "")
        self.write("src/live/a.c", '#include "live/a.h"\n' + self.CALLS.format("a", "b_do()"))
        self.write("src/live/b.c", self.CALLS.format("b", "0 /* a_do() */"))

        self.assertEqual(circles.check(self.root), [])

    def test_headers_that_include_each_other_are_found(self):
        self.write("include/live/a.h", '#include "base/b.h"\n')
        self.write("include/base/b.h", '#include "base/c.h"\n')
        self.write("include/base/c.h", '#include "live/a.h"\n')

        self.assert_one(circles.check(self.root), "headers include each other",
                        "include/base/b.h, include/base/c.h, include/live/a.h")

    def test_private_headers_and_tables_count_as_headers(self):
        self.write("src/live/a_internal.h", '#include "rows.def"\n')
        self.write("src/live/rows.def", '#include "a_internal.h"\n')

        self.assert_one(circles.check(self.root), "src/live/a_internal.h, src/live/rows.def")

    def test_a_header_that_includes_itself_is_found(self):
        self.write("src/live/a_internal.h", '#include "a_internal.h"\n')

        self.assert_one(circles.check(self.root), "src/live/a_internal.h:1:")

    def test_files_that_call_each_other_are_found(self):
        for to_a in ("a_do()", "(int)a_do", "x.y(a_do)", "b_do()"):
            with self.subTest(to_a=to_a):
                self.write("src/live/a.c", self.CALLS.format("a", "b_do()"))
                self.write("src/live/b.c", self.CALLS.format("b", to_a))

                found = circles.check(self.root)

                if to_a == "b_do()":
                    self.assertEqual(found, [])
                else:
                    self.assert_one(found, "src/live/a.c:1:", "call each other",
                                    "src/live/a.c, src/live/b.c")

    def test_a_circle_of_three_is_found_once(self):
        for name, to in ("ab", "bc", "ca"):
            self.write(f"src/live/{name}.c", self.CALLS.format(name, f"{to}_do()"))

        self.assert_one(circles.check(self.root), "src/live/a.c, src/live/b.c, src/live/c.c")

    def test_a_function_with_long_parameters_is_seen(self):
        self.write("src/live/a.c", "struct x *\na_do(struct y *y,\n     int z)\n{\n    b_do();\n}\n")
        self.write("src/live/b.c", self.CALLS.format("b", "a_do()"))

        self.assert_one(circles.check(self.root), "src/live/a.c, src/live/b.c")

    def test_members_tags_and_static_functions_are_not_calls(self):
        for use in ("x.a_do", "x->a_do()", "sizeof(struct a_do)", '"a_do()"'):
            with self.subTest(use=use):
                self.write("src/live/a.c", self.CALLS.format("a", "b_do()"))
                self.write("src/live/b.c", self.CALLS.format("b", use))

                self.assertEqual(circles.check(self.root), [])
        self.write("src/live/b.c", "static int a_do(void)\n{\n    return 0;\n}\n" +
                   self.CALLS.format("b", "a_do()"))

        self.assertEqual(circles.check(self.root), [])

    def test_circles_between_modules_are_left_to_layers(self):
        self.write("src/live/a.c", self.CALLS.format("a", "b_do()"))
        self.write("src/chat/b.c", self.CALLS.format("b", "a_do()"))

        self.assertEqual(circles.check(self.root), [])


class Banned(Project):
    def test_a_clean_project_passes(self):
        self.write("src/ivs/a.c",
                   '/* strcpy(a, b); */\nlog("system()"); x->random(1); y.sleep(2);\n'
                   "cJSON_GetObjectItemCaseSensitive(a, b); gmtime_r(a, b); snprintf(a);\n"
                   "ids_random(1); int system; OP_TODO(A)\n")
        self.write("src/app/config.c", 'getenv("HOME");\n')
        self.write("include/base/attrs.h", "#define A __attribute__((cleanup(x)))\n")
        self.write("scripts/run", 'mktemp -d "$TMPDIR/x.XXXXXX"\n')

        self.assertEqual(banned.check(self.root), [])

    def test_each_banned_function_is_found(self):
        for names, home, _ in banned.CALLS:
            for name in names.split("|"):
                with self.subTest(name=name):
                    self.write("src/ivs/a.c", f"\nx = {name} (a);\n")

                    self.assert_one(banned.check(self.root), "src/ivs/a.c:2:", name)

    def test_the_list_has_what_the_style_forbids(self):
        names = "|".join(names for names, _, _ in banned.CALLS).split("|")

        for name in ("strcpy strcat sprintf vsprintf strtok atoi atol atof gmtime localtime "
                     "rand srand random system popen gets getenv sleep usleep nanosleep "
                     "cJSON_GetObjectItem cJSON_HasObjectItem __attribute__").split():
            self.assertIn(name, names)

    def test_tests_and_tables_are_read_too(self):
        for path in ("tests/unit/test_a.c", "src/ivs/operations.def", "include/ivs/a.h"):
            with self.subTest(path=path):
                full = self.write(path, "strcpy(a, b);\n")

                self.assert_one(banned.check(self.root), path, "strcpy")
                os.remove(full)

    def test_markers_of_unfinished_work_are_found_anywhere(self):
        for path in ("src/ivs/a.c", "include/ivs/a.h", "schema/1.sql", "scripts/run",
                     "docker/Dockerfile"):
            for word in ("TODO", "FIXME", "XXX"):
                with self.subTest(path=path, word=word):
                    full = self.write(path, f"a\n# {word}: later\n")

                    self.assert_one(banned.check(self.root), f"{path}:2:", word)
                    os.remove(full)


class Documented(Project):
    """A project with documents that agree with its code."""

    ROWS = ("# Fidelity\n\n| id | what | how we know | test |\n| --- | --- | --- | --- |\n"
            "| ivs-tags-1 | a | doc | `tests/api/test_tags.c:tags_stay` |\n"
            "| ivs-stream-key-2 | b \\| c | guess | tests/api/test_tags.c:tags_go, "
            "tests/conformance/test_cli.py:TestTags.test_tags |\n")

    MODULES = ("| module | what | may include |\n| --- | --- | --- |\n"
               "| `ivs` | a | `store`, `data`, `events`, `engine`, `api`, `common` |\n"
               "| `base`, `http` | b | nothing |\n| `data` | b | `store` |\n"
               "| `app` | c | everything |\n")

    INSTALL = '. scripts/packages.sh && need_packages "${BUILD_PACKAGES[@]}" "${LINT_PACKAGES[@]}"'

    def container(self, command):
        self.write(".devcontainer/devcontainer.json", json.dumps({"postCreateCommand": command}))

    def setUp(self):
        super().setUp()
        self.tables = self.write("build/tables", '#!/bin/sh\nprintf "# %s\\n" "$1"\n')
        os.chmod(self.tables, stat.S_IRWXU)
        for name in docs.PRINTED:
            self.write(f"docs/{name}.md", f"# {name}\n")
        self.write("docs/architecture.md", self.MODULES)
        self.write("scripts/packages.sh", "BUILD_PACKAGES=(\n  gcc\n)\nLINT_PACKAGES=(a b)\n")
        self.container(["bash", "-c", self.INSTALL])
        self.write("docs/fidelity/ivs.md", self.ROWS)
        self.write("src/ivs/tags.c", "/* Fidelity: ivs-tags-1 */\n")
        self.write("include/ivs/keys.h", "/* As seen. Fidelity: ivs-stream-key-2, ivs-tags-1 */\n")
        self.write("tests/api/test_tags.c",
                   "static void tags_stay(void **state)\n{\n}\n"
                   "static void\ntags_go(void **state)\n{\n}\n"
                   "/*\nvoid tags_lie(void **state)\n{\n*/\nvoid declared(void **state);\n")
        self.write("tests/conformance/test_cli.py", "class TestTags:\n    def test_tags(self):\n")


class Docs(Documented):
    def check(self):
        return docs.check(self.root, self.tables)

    def test_a_clean_project_passes(self):
        self.write("README.md", "# Here\n## `A b`: it's\n# Here\n"
                   "[a](docs/fidelity/ivs.md#fidelity) ![b](src) [c](https://a.example) "
                   "[d](#here) [d](#here-1) [d](#a-b-its) [e](mailto:a@b.example)\n[r]: docs/operations.md\n"
                   "`[f](nowhere)`\n```\n[g](nowhere)\n```\n")
        self.write("docs/decisions/1.md", "[up](../fidelity/ivs.md) [root](../../README.md)\n")

        self.assertEqual(self.check(), [])

    def test_a_stale_page_is_found_and_how_to_refresh_it(self):
        for name in docs.PRINTED:
            with self.subTest(name=name):
                self.write(f"docs/{name}.md", f"# {name}\n\n")

                self.assert_one(self.check(), f"docs/{name}.md:1: is stale",
                                f"{self.tables} {name} > docs/{name}.md")
                self.write(f"docs/{name}.md", f"# {name}\n")

    def test_a_missing_page_is_found(self):
        os.remove(os.path.join(self.root, "docs/operations.md"))

        self.assert_one(self.check(), "docs/operations.md:1: is missing")

    def test_links_that_lead_nowhere_are_found(self):
        for path in ("README.md", "CHANGELOG.md", "docs/a.md", "docs/decisions/1.md"):
            for link in ("[a](nowhere.md)", "[a](nowhere.md#b)", "[a](#nowhere.md)", '[a](nowhere.md "title")',
                         "[a]: nowhere.md", "![a](nowhere.md)", "[a](../../../nowhere.md)"):
                with self.subTest(path=path, link=link):
                    full = self.write(path, f"\n{link}\n")

                    self.assert_one(self.check(), f"{path}:", "nowhere.md", "leads nowhere")
                    os.remove(full)

    def test_a_link_out_of_the_project_is_found(self):
        outside = os.path.relpath(os.path.abspath(__file__), self.root)
        self.write("README.md", f"[a]({outside})\n")

        self.assert_one(self.check(), "README.md:1:", "leads nowhere")

    def test_a_mention_without_a_row_is_found(self):
        self.write("src/ivs/a.c", "\n/* Fidelity: ivs-tags-9 */\n")

        self.assert_one(self.check(), "src/ivs/a.c:2:", "ivs-tags-9 is no row")

    def test_a_mention_without_an_id_is_found(self):
        self.write("src/ivs/a.c", "/* Fidelity: as we think */\n")

        self.assert_one(self.check(), "src/ivs/a.c:1:", "without the id")

    def test_a_row_without_a_mention_is_found(self):
        self.write("docs/fidelity/ivs.md",
                   self.ROWS + "| ivs-tags-3 | a | doc | tests/api/test_tags.c:tags_stay |\n")

        self.assert_one(self.check(), "docs/fidelity/ivs.md:7:", "Fidelity: ivs-tags-3")

    def test_a_repeated_row_is_found(self):
        self.write("docs/fidelity/ivs.md",
                   self.ROWS + "| ivs-tags-1 | a | doc | tests/api/test_tags.c:tags_stay |\n")

        self.assert_one(self.check(), "docs/fidelity/ivs.md:7:", "ivs-tags-1 is a row already, in docs/fidelity/ivs.md:5")

    def test_a_row_with_no_proper_id_is_found(self):
        self.write("docs/fidelity/ivs.md",
                   self.ROWS + "| Tags 4 | a | doc | tests/api/test_tags.c:tags_stay |\n")

        self.assert_one(self.check(), "docs/fidelity/ivs.md:7:", "Tags 4 is no id")

    def test_a_row_without_a_test_that_exists_is_found(self):
        for cell, fault in [
            ("", "names no test"),
            ("-", "names no test"),
            ("tests/api/test_tags.c", "names no test"),
            ("tests/api/test_tags.c:tags_lie", "has no test tags_lie"),
            ("tests/api/test_tags.c:declared", "has no test declared"),
            ("tests/api/test_tags.c:tags", "has no test tags"),
            ("tests/api/test_none.c:tags_stay", "no file of tests"),
            ("src/ivs/tags.c:tags_stay", "no file of tests"),
            ("tests/conformance/test_cli.py:test_none", "has no test test_none"),
            ("tests/api/test_tags.c:tags_stay surely", "is not path:function"),
        ]:
            with self.subTest(cell=cell):
                self.write("docs/fidelity/ivs.md", self.ROWS.replace(
                    "`tests/api/test_tags.c:tags_stay`", cell))

                self.assert_one(self.check(), "docs/fidelity/ivs.md:5: ivs-tags-1", fault)

    def test_a_table_without_a_column_of_tests_is_found(self):
        self.write("docs/fidelity/ivs.md", self.ROWS +
                   "\n| id | what |\n| --- | --- |\n| ivs-tags-3 | tests/api/test_tags.c:tags_go |\n")
        self.write("src/ivs/a.c", "/* Fidelity: ivs-tags-3 */\n")

        self.assert_one(self.check(), "docs/fidelity/ivs.md:10:", "names no test")

    def test_a_row_on_the_page_of_another_service_is_found(self):
        head = self.ROWS[: self.ROWS.index("| ivs-tags-1")]
        for page, row_id in [("ivs", "common-tags-3"), ("ivs", "ivs-realtime-tags-3"),
                             ("ivs", "tags-3"), ("ivs", "ivs-3"), ("ivs-realtime", "ivs-tags-3"),
                             ("ivschat", "ivs-tags-3")]:
            with self.subTest(page=page, row_id=row_id):
                row = f"| {row_id} | a | doc | tests/api/test_tags.c:tags_go |\n"
                self.write("docs/fidelity/ivs.md", self.ROWS)
                self.write(f"docs/fidelity/{page}.md", (self.ROWS if page == "ivs" else head) + row)
                self.write("src/ivs/a.c", f"/* Fidelity: {row_id} */\n")

                self.assert_one(self.check(), f"docs/fidelity/{page}.md:", row_id,
                                "does not begin with the service")
                os.remove(os.path.join(self.root, f"docs/fidelity/{page}.md"))

    def test_each_service_has_rows_on_its_own_page(self):
        head = self.ROWS[: self.ROWS.index("| ivs-tags-1")]
        for service in docs.SERVICES:
            with self.subTest(service=service):
                rows = self.ROWS if service == "ivs" else head
                self.write(f"docs/fidelity/{service}.md", rows +
                           f"| {service}-a-b-7 | a | doc | tests/api/test_tags.c:tags_go |\n")
                self.write(f"src/ivs/{service}.c", f"/* Fidelity: {service}-a-b-7 */\n")

                self.assertEqual(self.check(), [])

    def test_a_row_that_is_on_two_pages_is_found(self):
        self.write("docs/fidelity/ivschat.md", self.ROWS[: self.ROWS.index("| ivs-stream")])

        self.assert_one(self.check(), "docs/fidelity/ivschat.md:5:",
                        "is a row already, in docs/fidelity/ivs.md:5")

    def test_a_page_of_no_service_is_found(self):
        self.write("docs/fidelity/ads.md", "")

        self.assert_one(self.check(), "docs/fidelity/ads.md:1: is the page of no service")

    def test_a_row_on_the_page_that_explains_is_found(self):
        head = self.ROWS[: self.ROWS.index("| ivs-tags-1")]
        self.write("docs/fidelity/README.md", head + "| ivs-a-1 | a | doc | - |\n")

        self.assert_one(self.check(), "docs/fidelity/README.md:5: rows belong")

    def test_the_page_that_explains_may_have_other_tables(self):
        self.write("docs/fidelity/README.md", "| page | ids |\n| --- | --- |\n| a | b |\n")

        self.assertEqual(self.check(), [])

    def test_a_project_without_the_pages_is_found(self):
        os.remove(os.path.join(self.root, "docs/fidelity/ivs.md"))

        self.assertEqual(len(self.check()), 2)
        for found in self.check():
            self.assertIn("is no row of docs/fidelity", found)


    def test_the_table_of_modules_is_the_one_that_is_enforced(self):
        for row, wrong, fault in [
            ("| `data` | b | `store` |", "| `data` | b | `store`, `http` |", "docs/architecture.md:5: layers.py"),
            ("| `data` | b | `store` |", "| `data` | b | nothing |", "docs/architecture.md:5: layers.py"),
            ("| `app` | c | everything |", "| `app` | c | `ivs` |", "docs/architecture.md:6: layers.py"),
            ("| `base`, `http` |", "| `base`, `store`, `misc` |", "docs/architecture.md:4: misc is no module"),
            ("| `ivs` |", "| `ivsrealtime` |", "docs/architecture.md:1: the table of modules lacks ivs"),
        ]:
            with self.subTest(wrong=wrong):
                self.write("docs/architecture.md", self.MODULES.replace(row, wrong))

                self.assert_one(self.check(), fault)

    def test_a_container_without_known_lists_is_found(self):
        for command, fault in [
            (["bash", "-c", self.INSTALL.replace("LINT", "NO")], "has no list NO_PACKAGES"),
            (["bash", "-c", self.INSTALL + " gcc"], "does not install the lists"),
            (["sh", "-c", self.INSTALL], "does not install the lists"),
            (self.INSTALL, "does not install the lists"),
        ]:
            with self.subTest(command=command):
                self.container(command)

                self.assert_one(self.check(), ".devcontainer/devcontainer.json:1:", fault)

    def test_a_container_that_is_not_json_is_found(self):
        for text in ("{", "[]", "{}"):
            with self.subTest(text=text):
                self.write(".devcontainer/devcontainer.json", text)

                self.assert_one(self.check(), ".devcontainer/devcontainer.json:1: cannot be read")

    def test_a_project_without_a_table_of_modules_is_found(self):
        os.remove(os.path.join(self.root, "docs/architecture.md"))

        self.assert_one(self.check(), "docs/architecture.md:1: is missing")


class Format(Project):
    def clang_format(self, version):
        """A replacement that rejects every file that contains a tab."""
        program = self.write(
            "bin/clang-format",
            "#!/bin/sh\n"
            f'if [ "$1" = --version ]; then echo "clang-format version {version}"; exit; fi\n'
            'status=0\n'
            'for path; do\n'
            '  [ -f "$path" ] && grep -q "$(printf "\\t")" "$path" || continue\n'
            '  echo "$path:2:1: error: code should be clang-formatted" >&2\n'
            '  echo "$path:3:1: error: code should be clang-formatted" >&2; status=1\n'
            'done\n'
            'exit $status\n')
        os.chmod(program, stat.S_IRWXU)
        return program

    def test_a_clean_project_passes(self):
        self.write("src/ivs/a.c", "int a;\n")

        self.assertEqual(format.check(self.root, self.clang_format("14.0.6")), [])

    def test_an_unformatted_file_is_found(self):
        for path in ("src/ivs/a.c", "include/ivs/a.h", "tests/unit/test_a.c"):
            with self.subTest(path=path):
                full = self.write(path, "\n\tint a;\n")

                self.assert_one(format.check(self.root, self.clang_format("14.0.6")),
                                f"{path}:2:", f"clang-format -i {path}")
                os.remove(full)

    def test_each_of_several_unformatted_files_is_found(self):
        for name in ("a", "b", "c"):
            self.write(f"src/ivs/{name}.c", "int a;\n" if name == "b" else "\n\tint a;\n")

        found = format.check(self.root, self.clang_format("14.0.6"))

        self.assertEqual([line.split()[0] for line in found], ["src/ivs/a.c:2:", "src/ivs/c.c:2:"])

    def test_a_program_that_fails_is_a_finding(self):
        self.write("src/ivs/a.c", "int a;\n")

        self.assert_one(format.check(self.root, "false"), ".clang-format:1: false")

    def test_another_version_is_not_taken(self):
        program = self.clang_format("15.0.1")

        with mock.patch.object(format.shutil, "which", lambda name: program):
            self.assertIsNone(format.find_program())

    def test_the_right_version_is_taken(self):
        program = self.clang_format("14.0.6")

        with mock.patch.object(format.shutil, "which", lambda name: program):
            self.assertEqual(format.find_program(), program)

    def test_without_the_program_the_check_is_skipped_with_a_message(self):
        for variables, status in [({}, format.SKIPPED), ({"IVS_LOCAL_NO_SKIPS": "1"}, 1)]:
            with self.subTest(variables=variables):
                with mock.patch.object(format.shutil, "which", lambda name: None), \
                        mock.patch.dict(os.environ, variables, clear=True), \
                        mock.patch("builtins.print") as said:
                    self.assertEqual(format.main(self.root), status)

                self.assertIn("NOT checked", said.call_args[0][0])


class Scripts(Documented):
    """The checks, started in the same way as by CTest."""

    def setUp(self):
        super().setUp()
        self.unhappy = self.write("bin/unhappy", '#!/bin/sh\necho "src/data/a.c:1:1: error: x" >&2; exit 1\n')
        os.chmod(self.unhappy, stat.S_IRWXU)

    def run_script(self, name, *arguments):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
        command = [sys.executable, "-B", script, self.root, *arguments]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def test_each_succeeds_or_fails_with_its_findings(self):
        for name, path, fault, if_clean, if_not in [
            ("layers.py", "src/data/a.c", "#include <microhttpd.h>\n", [], []),
            ("circles.py", "src/data/a_internal.h", '#include "a_internal.h"\n', [], []),
            ("banned.py", "src/data/a.c", "strcpy(a, b);\n", [], []),
            ("docs.py", "README.md", "[a](nowhere)\n", [self.tables], [self.tables]),
            ("format.py", "src/data/a.c", "int a;\n", ["true"], [self.unhappy]),
        ]:
            with self.subTest(name=name):
                clean = self.run_script(name, *if_clean)
                full = self.write(path, fault)
                planted = self.run_script(name, *if_not)
                os.remove(full)

                self.assertEqual((clean.returncode, clean.stdout), (0, ""))
                self.assertEqual(planted.returncode, 1)
                self.assertIn(f"{path}:1: ", planted.stdout)


class Hook(Project):
    """scripts/hooks/pre-commit in a repository that contains it and the lint checks."""

    HOOK = "scripts/hooks/pre-commit"

    def setUp(self):
        super().setUp()
        here = os.path.dirname(os.path.abspath(__file__))
        ours = os.path.dirname(os.path.dirname(here))
        shutil.copytree(here, os.path.join(self.root, "tests/lint"),
                        ignore=shutil.ignore_patterns("__pycache__"))
        for path in (self.HOOK, ".clang-format"):
            os.makedirs(os.path.dirname(os.path.join(self.root, path)), exist_ok=True)
            shutil.copy(os.path.join(ours, path), os.path.join(self.root, path))
        self.git("init", "-q")
        self.git("config", "core.hooksPath", os.path.dirname(self.HOOK))
        self.git("add", ".")

    def git(self, *arguments):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
        variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return subprocess.run(command, cwd=self.root, env=variables, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)

    def test_a_clean_commit_passes(self):
        self.write("src/data/a.c", "int a;\n")
        self.git("add", ".")

        done = self.git("commit", "-m", "a")

        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("Documents are NOT checked", done.stdout)

    def test_a_finding_stops_the_commit(self):
        for fault, said in [("#include <sqlite3.h>\n", "belongs into src/store only"),
                            ("int f(void)\n{\n    return rand();\n}\n", "src/data/a.c:3:")]:
            with self.subTest(fault=fault):
                self.write("src/data/a.c", fault)
                self.git("add", ".")

                done = self.git("commit", "-m", "a")

                self.assertEqual(done.returncode, 1)
                self.assertIn(said, done.stdout)
                self.assertIn("--no-verify", done.stdout)

    def test_the_staged_files_are_checked_not_the_working_tree(self):
        self.write("src/data/a.c", "#include <sqlite3.h>\n")
        self.git("add", ".")
        self.write("src/data/a.c", "int a;\n")

        self.assertEqual(self.git("commit", "-m", "a").returncode, 1)

        self.git("add", ".")
        self.write("src/data/a.c", "#include <sqlite3.h>\n")

        self.assertEqual(self.git("commit", "-m", "a").returncode, 0)


if __name__ == "__main__":
    unittest.main()
