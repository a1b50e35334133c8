/* SPDX-License-Identifier: ISC */
/* Replies of models, and the edits in them. */
#ifndef RAID_TESTS_EDITS_REPLIES_H
#define RAID_TESTS_EDITS_REPLIES_H

struct reply {
	const char *name, *text;
	/* Form, operation, path, mode; hunks as "@hint", '=' if counted,
	 * '!' at the end of the file, anchors, lines; a label; content.
	 * Words of a refusal behind '!' if malformed, '?' if not taken,
	 * '*' if unsafe. */
	const char *edits;
	int cut;	/* a prefix must be refused or mean the same */
	int alone;	/* nothing may stand before it */
};

static const struct reply replies[] = {
	{ "English prose around",
	    "I fixed the name. The patch:\n\n```diff\n--- a/src/x.c\n"
	    "+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n"
	    " int c;\n```\n\nLet me know if it works!\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "Russian prose around",
	    "Я исправил имя переменной — вот па"
	    "тч:\n\n```diff\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n\n"
	    "Готово. Остальное без изменений.\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "Chinese prose around",
	    "我修复了变量名,补丁如下:\n\n```diff\n--- a/src/x.c\n"
	    "+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n"
	    " int c;\n```\n\n如有问题请告诉我。\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "tildes and five of them",
	    "~~~~~diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n~~~~~\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "info string is a language",
	    "```python\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "info string c",
	    "```c\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "info string in capitals",
	    "```Diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "indented in a list",
	    "1. Rename:\n\n   ```diff\n   --- a/src/x.c\n   +++ b/src/x.c\n"
	    "   @@ -1,3 +1,3 @@\n    int a;\n   -int b;\n   +int bb;\n"
	    "    int c;\n   ```\n2. Done.\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "a diff indented within its fence",
	    "```diff\n    --- a/src/x.c\n    +++ b/src/x.c\n"
	    "    @@ -1,3 +1,3 @@\n     int a;\n    -int b;\n    +int bb;\n"
	    "     int c;\n    ```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "unfenced among prose",
	    "Here it is.\n\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n\nThat is all.\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "unfenced, Russian prose follows at once",
	    "Вот:\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\nГотово.\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "unfenced, Chinese prose follows at once",
	    "补丁:\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n完成。\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "unfenced, a list follows",
	    "Patch:\n\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n\n- renamed b\n- kept a\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "unfenced without counts, a list follows",
	    "--- a/src/x.c\n+++ b/src/x.c\n@@ @@\n int a;\n-int b;\n"
	    "+int bb;\n int c;\n\n- renamed b\n- kept a\n",
	    "Dm src/x.c @0[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "unfenced, a rule follows",
	    "--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n---\nBye\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "unfenced, git header",
	    "So:\n\ndiff --git a/src/x.c b/src/x.c\n"
	    "index 1234567..89abcde 100644\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n\nBye\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "unfenced, two files",
	    "--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n--- a/src/y.c\n+++ b/src/y.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\nBye\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]; Dm src/y.c "
	    "@1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "unfenced, two files with a blank line between",
	    "--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n\n--- a/src/y.c\n+++ b/src/y.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n\nBye\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]; Dm src/y.c "
	    "@1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "unfenced, prose between hunks",
	    "--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n\nand then\n\n@@ -9,2 +9,2 @@\n x\n"
	    "-y\n+z\n\nBye\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]; Dm src/x.c "
	    "@9=[ x][-y][+z]", 0, 0 },
	{ "unfenced and indented",
	    "Do this:\n\n    --- a/src/x.c\n    +++ b/src/x.c\n"
	    "    @@ -1,3 +1,3 @@\n     int a;\n    -int b;\n    +int bb;\n"
	    "     int c;\n\nBye\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "a hunk under a path",
	    "src/x.c\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n"
	    "\nDone\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "a hunk under a path in bold",
	    "**`src/x.c`**\n\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n"
	    " int c;\n\nDone\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "only plus line",
	    "```diff\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n"
	    "+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "only minus line",
	    "```diff\n--- a/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n"
	    "+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "no prefixes",
	    "```diff\n--- src/x.c\n+++ src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "dot slash",
	    "```diff\n--- ./src/x.c\n+++ ./src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "old and new folders",
	    "```diff\n--- old/src/x.c\n+++ new/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "time stamps",
	    "```diff\n--- a/src/x.c\t2026-01-02 03:04:05.000000000 +0000\n"
	    "+++ b/src/x.c\t2026-01-02 03:04:06.000000000 +0000\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "a path with blanks",
	    "```diff\n--- a/my docs/x y.c\n+++ b/my docs/x y.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm my docs/x y.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "a path in Russian",
	    "```diff\n--- a/док/файл.c\n+++ b/док/файл.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm док/файл.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "a quoted path",
	    "```diff\n--- \"a/d\\303\\244.c\"\n+++ \"b/d\\303\\244.c\"\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm dä.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "header: dots",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ ... @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @0[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "header: no numbers",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\n int a;\n-int b;\n"
	    "+int bb;\n int c;\n```\n",
	    "Dm src/x.c @0[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "header: one number each",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1 +1 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "header: a name",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ int main(void)\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @0<int main(void)>[ int a;][-int b;][+int bb;][ int c"
	    ";]", 1, 0 },
	{ "header: alone",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@\n int a;\n-int b;\n"
	    "+int bb;\n int c;\n```\n",
	    "Dm src/x.c @0[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "header: wrong counts",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,17 +1,23 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "header: section",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@ int main(void)\n int a;\n-int b;\n+int bb;\n"
	    " int c;\n```\n",
	    "Dm src/x.c @1=<int main(void)>[ int a;][-int b;][+int bb;][ int "
	    "c;]", 1, 0 },
	{ "header: dots and a name",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ ... @@ int main(void)\n int a;\n-int b;\n+int bb;\n int c;\n"
	    "```\n",
	    "Dm src/x.c @0<int main(void)>[ int a;][-int b;][+int bb;][ int c"
	    ";]", 1, 0 },
	{ "header: dots for numbers",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -... +... @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @0[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "header: a name between",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ int main(void) @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @0<int main(void)>[ int a;][-int b;][+int bb;][ int c"
	    ";]", 1, 0 },
	{ "header: no blanks",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@-1,3 +1,3@@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "header: commas only",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -,+, @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @0[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "two headers are two anchors",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ class A\n@@ def f\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @0<class A><def f>[ int a;][-int b;][+int bb;][ int c"
	    ";]", 1, 0 },
	{ "blank context that lost its blank",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,4 +1,4 @@\n"
	    " int a;\n\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][ ][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "no newline",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,2 +1,2 @@\n"
	    " int a;\n-int b;\n\\ No newline at end of file\n+int bb;\n"
	    "\\ No newline at end of file\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;$][+int bb;$]", 1, 0 },
	{ "no newline, odd",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,2 +1,2 @@\n"
	    " int a;\n-int b;\n \\ No newline at end of file\n+int bb;\n"
	    "\\No newline at end of file\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;$][+int bb;$]", 1, 0 },
	{ "no newline in Russian",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,2 +1,2 @@\n"
	    " int a;\n-int b;\n+int bb;\n"
	    "\\ Нет новой строки в конце файла\n"
	    "```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;$]", 1, 0 },
	{ "a new file",
	    "```diff\n--- /dev/null\n+++ b/n.c\n@@ -0,0 +1,2 @@\n+int a;\n+\n"
	    "```\n",
	    "Dc n.c @1=[+int a;][+]", 1, 0 },
	{ "a new file, git",
	    "```diff\ndiff --git a/n.c b/n.c\nnew file mode 100755\n"
	    "index 0000000..1234567\n--- /dev/null\n+++ b/n.c\n"
	    "@@ -0,0 +1 @@\n+int a;\n```\n",
	    "Dc n.c 100755 @1=[+int a;]", 1, 0 },
	{ "an empty new file",
	    "```diff\ndiff --git a/n.c b/n.c\nnew file mode 100644\n"
	    "index 0000000..e69de29\n```\n",
	    "Dc n.c 100644", 1, 0 },
	{ "a deleted file",
	    "```diff\ndiff --git a/n.c b/n.c\ndeleted file mode 100644\n"
	    "--- a/n.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int a;\n```\n",
	    "Dd n.c 100644 @1=[-int a;]", 1, 0 },
	{ "a pure rename",
	    "```diff\ndiff --git a/o.c b/n.c\nsimilarity index 100%\n"
	    "rename from o.c\nrename to n.c\n```\n",
	    "Dr o.c n.c", 1, 0 },
	{ "a rename without its first line",
	    "```diff\nrename from o.c\nrename to n.c\n```\n",
	    "Dr o.c n.c", 1, 0 },
	{ "a rename with a hunk",
	    "```diff\ndiff --git a/o.c b/n.c\nsimilarity index 90%\n"
	    "rename from o.c\nrename to n.c\n--- a/o.c\n+++ b/n.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dr o.c n.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "a pure mode change",
	    "```diff\ndiff --git a/n.sh b/n.sh\nold mode 100644\n"
	    "new mode 100755\n```\n",
	    "Dm n.sh 100755", 1, 0 },
	{ "a copy",
	    "```diff\ndiff --git a/o.c b/n.c\nsimilarity index 100%\n"
	    "copy from o.c\ncopy to n.c\n```\n",
	    "?line 4 of the answer: binary patches and copies are not taken", 1, 0 },
	{ "binary",
	    "```diff\ndiff --git a/o.png b/o.png\nindex 12..34 100644\n"
	    "Binary files a/o.png and b/o.png differ\n```\n",
	    "?line 4 of the answer: binary patches and copies are not taken", 1, 0 },
	{ "combined",
	    "```diff\ndiff --cc src/x.c\nindex 1,2..3\n--- a/src/x.c\n"
	    "+++ b/src/x.c\n@@@ -1,2 -1,2 +1,2 @@@\n  a\n- b\n +c\n```\n",
	    "?line 2 of the answer: combined diffs are not taken", 1, 0 },
	{ "several files in a fence",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n--- a/src/y.c\n"
	    "+++ b/src/y.c\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n"
	    " int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]; Dm src/y.c "
	    "@1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "several fences",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n\nand\n\n```diff\n"
	    "--- a/src/y.c\n+++ b/src/y.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]; Dm src/y.c "
	    "@1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "hunks of a file over several fences",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n\nAnd further down:\n"
	    "\n```diff\n@@ -9,2 +9,2 @@\n x\n-y\n+z\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]; Dm src/x.c "
	    "@9=[ x][-y][+z]", 0, 0 },
	{ "the second fence names another file",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n\nIn `src/y.c`:\n\n"
	    "```diff\n@@ -9,2 +9,2 @@\n x\n-y\n+z\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]; Dm src/y.c "
	    "@9=[ x][-y][+z]", 0, 0 },
	{ "the second fence might be of two files",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n\n"
	    "In `src/y.c` as in `src/z.c`:\n\n```diff\n@@ -9,2 +9,2 @@\n x\n"
	    "-y\n+z\n```\n",
	    "!line 14 of the answer: a hunk, but of which file?", 1, 0 },
	{ "a diff without any hunk header",
	    "`src/x.c`:\n```diff\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @0[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "the same, an illustration",
	    "Like this:\n```diff\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "", 1, 0 },
	{ "a mail",
	    "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:0"
	    "0 2001\nFrom: A <a@b>\nDate: Mon, 1 Jan 2026 00:00:00 +0000\n"
	    "Subject: [PATCH] x\n\nRename.\n---\n src/x.c | 2 +-\n"
	    " 1 file changed\n\ndiff --git a/src/x.c b/src/x.c\n"
	    "--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n-- \n2.39.5\n\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 1 },
	{ "a mail in a fence",
	    "```diff\n"
	    "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:0"
	    "0 2001\nFrom: A <a@b>\nSubject: [PATCH] x\n\n---\n"
	    " src/x.c | 2 +-\n\ndiff --git a/src/x.c b/src/x.c\n"
	    "--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n-- \n2.39.5\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "fences as context",
	    "```diff\n--- a/R.md\n+++ b/R.md\n@@ -1,5 +1,5 @@\n # T\n ```sh\n"
	    "-make\n+make all\n ```\n end\n```\n",
	    "Dm R.md @1=[ # T][ ```sh][-make][+make all][ ```][ end]", 1, 0 },
	{ "fences as context, no counts",
	    "```diff\n--- a/R.md\n+++ b/R.md\n@@ @@\n # T\n ```\n-make\n"
	    "+make all\n ```\n end\n```\n",
	    "Dm R.md @0[ # T][ ```][-make][+make all][ ```][ end]", 1, 0 },
	{ "fences added",
	    "```diff\n--- a/R.md\n+++ b/R.md\n@@ -1 +1,4 @@\n # T\n+```diff\n"
	    "+-a\n+```\n```\n",
	    "Dm R.md @1=[ # T][+```diff][+-a][+```]", 1, 0 },
	{ "a removed line that looks like a header",
	    "```diff\n--- a/src/x.sql\n+++ b/src/x.sql\n@@ -1,3 +1,3 @@\n"
	    " select 1;\n--- a/old comment\n+++ b/new comment\n end;\n```\n",
	    "Dm src/x.sql @1=[ select 1;][--- a/old comment][+++ b/new commen"
	    "t][ end;]", 1, 0 },
	{ "an added line that looks like a header",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,2 +1,3 @@\n"
	    " int a;\n+++ b/x\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][+++ b/x][ int c;]", 1, 0 },
	{ "context that lost its blanks",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,4 +1,4 @@\n"
	    "int f(void)\n{\n-\treturn 1;\n+\treturn 2;\n}\n```\n",
	    "Dm src/x.c @1=[ int f(void)][ {][-\treturn 1;][+\treturn 2;][ }]", 1, 0 },
	{ "the same, no counts",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\nint f(void)\n{\n"
	    "-    return 1;\n+    return 2;\n}\n```\n",
	    "Dm src/x.c @0[ int f(void)][ {][-    return 1;][+    return 2;]["
	    " }]", 1, 0 },
	{ "the same, with tabs",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\n\tint a;\n"
	    "-\treturn 1;\n+\treturn 2;\n\tend();\n```\n",
	    "Dm src/x.c @0[ \tint a;][-\treturn 1;][+\treturn 2;][ \tend();]", 1, 0 },
	{ "the same, indented lines too",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\ndef f():\n"
	    "    a = 1\n-    b = 1\n+    b = 2\n    return a\n```\n",
	    "Dm src/x.c @0[ def f():][     a = 1][-    b = 1][+    b = 2][   "
	    "  return a]", 1, 0 },
	{ "some lost it, counts agree",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\nint b;\n-int c;\n+int d;\n```\n",
	    "Dm src/x.c @1=[ int a;][ int b;][-int c;][+int d;]", 1, 0 },
	{ "items of a list among naked lines",
	    "```diff\n--- a/x.md\n+++ b/x.md\n@@ @@\nTitle\n- item\n-old\n"
	    "+new\n```\n",
	    "!line 5 of the answer: lines without a sign, and others that beg"
	    "in with \"- \": which ones go?", 1, 0 },
	{ "an extra blank in context",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\n  def f():\n"
	    "      a = 1\n-    b = 1\n+    b = 2\n      return a\n```\n",
	    "Dm src/x.c @0[ def f():][     a = 1][-    b = 1][+    b = 2][   "
	    "  return a]", 1, 0 },
	{ "an extra blank everywhere",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\n  int a;\n"
	    "- int b;\n+ int bb;\n  int c;\n```\n",
	    "Dm src/x.c @0[  int a;][- int b;][+ int bb;][  int c;]", 1, 0 },
	{ "comments of C keep their blank",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n  * x\n"
	    "  * y\n-int b;\n+int bb;\n```\n",
	    "Dm src/x.c @1=[  * x][  * y][-int b;][+int bb;]", 1, 0 },
	{ "copied numbers in a diff",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\n 10 | int a;\n"
	    "-11 | int b;\n+11 | int bb;\n 12 | int c;\n```\n",
	    "Dm src/x.c @0[ #10 | #int a;][-#11 | #int b;][+#11 | #int bb;][ "
	    "#12 | #int c;]", 1, 0 },
	{ "copied numbers, new lines without",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\n 10 | int a;\n"
	    "-11 | int b;\n+int bb;\n 12 | int c;\n```\n",
	    "Dm src/x.c @0[ #10 | #int a;][-#11 | #int b;][+int bb;][ #12 | #"
	    "int c;]", 1, 0 },
	{ "words behind the diff in its fence",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n\nThis renames b.\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "words, then a change",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\nwords\n+more\n```\n",
	    "!line 10 of the answer: a changed line outside of a hunk", 1, 0 },
	{ "an elision",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\n int a;\n...\n"
	    "-int b;\n+int bb;\n```\n",
	    "!line 6 of the answer: a line of a hunk begins with ' ', '-' or "
	    "'+'", 1, 0 },
	{ "a diff in a heredoc",
	    "```sh\ngit apply <<'EOF'\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\nEOF\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "a diff in a session",
	    "```console\n$ git diff\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "", 1, 0 },
	{ "an unclosed stray fence before",
	    "```\nsome output\n\nNow:\n\n```diff\n--- a/src/x.c\n"
	    "+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n"
	    " int c;\n```\n\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "cut in an unfenced hunk",
	    "Fix:\n\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n",
	    "!line 5 of the answer: the answer ends in the middle of this hun"
	    "k", 1, 0 },
	{ "cut in a line",
	    "Fix:\n\n--- a/src/x.c\n+++ b/src/x.c\n@@ @@\n int a;\n-int b;\n"
	    "+int b",
	    "!line 8 of the answer: the answer ends in the middle of this lin"
	    "e", 1, 0 },
	{ "two closing fences",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "in a Markdown wrapper",
	    "```markdown\nThe fix:\n\n```diff\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n\n"
	    "Bye\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 0 },
	{ "only context changes nothing",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1 +1 @@\n int a;\n"
	    "```\n",
	    "?line 4 of the answer: a hunk that changes nothing", 1, 0 },
	{ "thinking before",
	    "<think>\nMaybe:\n```diff\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int wrong;\n int c;\n```\n"
	    "no.\n</think>\n\n```diff\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "thinking with an open fence",
	    "<think>\n```diff\n--- a/y\n+++ b/y\n</think>\n```diff\n"
	    "--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "thinking, its begin is lost",
	    "Maybe:\n```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int wrong;\n int c;\n```\nno.\n</think>\n\n"
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]", 0, 1 },
	{ "only thinking",
	    "<thinking>\n```diff\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n"
	    "</thinking>\nNothing to do.\n",
	    "", 1, 0 },
	{ "thinking that does not end",
	    "<think>\n```diff\n--- a/src/x.c\n+++ b/src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "!line 1 of the answer: the answer ends in the middle of what it "
	    "thinks", 1, 0 },
	{ "block, path before the fence",
	    "src/x.c\n```c\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block, path in backticks and a blank line",
	    "Rename it in `src/x.c`:\n\n```c\n<<<<<<< SEARCH\nint b;\n"
	    "=======\nint bb;\n>>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block, Russian",
	    "В файле `src/x.c` меняем имя:\n\n```c\n"
	    "<<<<<<< SEARCH\nint b;\n=======\nint bb;\n>>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block, Chinese",
	    "修改 `src/x.c` 文件:\n\n```c\n<<<<<<< SEARCH\nint b;\n"
	    "=======\nint bb;\n>>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block, path in the fence",
	    "```\nsrc/x.c\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block, path in a comment in the fence",
	    "```c\n// src/x.c\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block, path in the info string",
	    "```c src/x.c\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block, heading",
	    "### File: src/x.c\n\n```c\n<<<<<<< SEARCH\nint b;\n=======\n"
	    "int bb;\n>>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block, bare",
	    "src/x.c\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n\nDone.\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 0, 0 },
	{ "block markers: five",
	    "src/x.c\n```diff\n<<<<< SEARCH\nint b;\n=====\nint bb;\n"
	    ">>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block markers: nine",
	    "src/x.c\n```diff\n<<<<<<<<< search\nint b;\n=========\nint bb;\n"
	    ">>>>>>>>> replace\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block markers: original",
	    "src/x.c\n```diff\n<<<<<<< ORIGINAL\nint b;\n=======\nint bb;\n"
	    ">>>>>>> UPDATED\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block markers: no blank",
	    "src/x.c\n```diff\n<<<<<<<SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>>REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block markers: dashes",
	    "src/x.c\n```diff\n------- SEARCH\nint b;\n=======\nint bb;\n"
	    "+++++++ REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "block markers: HTML",
	    "src/x.c\n```diff\n&lt;&lt;&lt;&lt;&lt;&lt;&lt; SEARCH\nint b;\n"
	    "=======\nint bb;\n&gt;&gt;&gt;&gt;&gt;&gt;&gt; REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "conflict markers are no edit",
	    "Resolve this:\n```\n<<<<<<< HEAD\nint b;\n=======\nint bb;\n"
	    ">>>>>>> topic\n```\n",
	    "", 1, 0 },
	{ "several blocks a fence, one path",
	    "src/x.c\n```diff\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n\n<<<<<<< SEARCH\nint c;\n=======\nint cb;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]; Bm src/x.c @0[-int c;][+int cb"
	    ";]", 1, 0 },
	{ "several fences, one path",
	    "src/x.c\n```diff\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n```\n\nand further down:\n\n```diff\n"
	    "<<<<<<< SEARCH\nint c;\n=======\nint cb;\n>>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]; Bm src/x.c @0[-int c;][+int cb"
	    ";]", 0, 0 },
	{ "several files a fence",
	    "```\nsrc/x.c\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n\nsrc/y.c\n<<<<<<< SEARCH\nint c;\n=======\n"
	    "int cb;\n>>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]; Bm src/y.c @0[-int c;][+int cb"
	    ";]", 1, 0 },
	{ "an empty SEARCH is a new file",
	    "src/n.c\n```diff\n<<<<<<< SEARCH\n=======\nint n;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "Bc src/n.c @0[+int n;]", 1, 0 },
	{ "a block in a list",
	    "- In `src/x.c`:\n\n  ```c\n  <<<<<<< SEARCH\n  int b;\n"
	    "  =======\n  int bb;\n  >>>>>>> REPLACE\n  ```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "a bare block in a list",
	    "- `src/x.c`\n\n  <<<<<<< SEARCH\n  int b;\n  =======\n"
	    "  int bb;\n  >>>>>>> REPLACE\n\nok\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 0, 0 },
	{ "a divider in the text",
	    "x.rst\n```diff\n<<<<<<< SEARCH\nTitle\n=====\n=======\n"
	    "New title\n=========\n>>>>>>> REPLACE\n```\n",
	    "Bm x.rst @0[-Title][-=====][+New title][+=========]", 1, 0 },
	{ "numbers with bars",
	    "src/x.c\n```diff\n<<<<<<< SEARCH\n  11 | int a;\n  12 |\n"
	    "  13 | int b;\n=======\n  11 | int a;\n  12 |\n  13 | int bb;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[ #  11 | #int a;][ #  12 |#][-#  13 | #int b;][+# "
	    " 13 | #int bb;]", 1, 0 },
	{ "numbers with colons, old lines only",
	    "src/x.c\n```diff\n<<<<<<< SEARCH\n11: int a;\n12: int b;\n"
	    "=======\nint a;\nint bb;\n>>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-#11: #int a;][-#12: #int b;][+int a;][+int bb;]", 1, 0 },
	{ "numbers with tabs",
	    "src/x.c\n```diff\n<<<<<<< SEARCH\n11\tint a;\n\n12\tint b;\n"
	    "=======\n11\tint a;\n\n12\tint bb;\n>>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[ #11\t#int a;][ ][-#12\t#int b;][+#12\t#int bb;]", 1, 0 },
	{ "numbers that do not increase",
	    "x.yml\n```diff\n<<<<<<< SEARCH\n80: a\n22: b\n=======\n80: a\n"
	    "22: c\n>>>>>>> REPLACE\n```\n",
	    "Bm x.yml @0[ 80: a][-22: b][+22: c]", 1, 0 },
	{ "a block without its end",
	    "src/x.c\n```diff\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    "```\n",
	    "!line 3 of the answer: the answer ends in the middle of this SEA"
	    "RCH block: it has no end", 1, 0 },
	{ "a block without divider",
	    "src/x.c\n```diff\n<<<<<<< SEARCH\nint b;\n>>>>>>> REPLACE\n```\n",
	    "!line 3 of the answer: a SEARCH block has no =======", 1, 0 },
	{ "an end without a block",
	    "src/x.c\n```\nint b;\n=======\nint bb;\n>>>>>>> REPLACE\n```\n",
	    "!line 6 of the answer: the end of a SEARCH block that has no beg"
	    "in", 1, 0 },
	{ "a stray end",
	    "Hi\n>>>>>>> REPLACE\n",
	    "!line 2 of the answer: the end of a SEARCH block that has no beg"
	    "in", 1, 0 },
	{ "a label is no path",
	    "Then:\n```diff\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "!line 3 of the answer: a SEARCH block without a file name", 1, 0 },
	{ "a diff in the style of aider",
	    "```diff\nsrc/x.c\n<<<<<<< SEARCH\nint b;\n=======\nint bb;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-int b;][+int bb;]", 1, 0 },
	{ "codex in a fence",
	    "```\n*** Begin Patch\n*** Update File: src/x.c\n"
	    "@@ int main(void)\n int a;\n-int b;\n+int bb;\n int c;\n"
	    "*** End Patch\n```\n",
	    "Cm src/x.c @0<int main(void)>[ int a;][-int b;][+int bb;][ int c"
	    ";]", 1, 0 },
	{ "codex, bare",
	    "Here:\n\n*** Begin Patch\n*** Update File: src/x.c\n"
	    "@@ int main(void)\n int a;\n-int b;\n+int bb;\n int c;\n"
	    "*** End Patch\n\nDone\n",
	    "Cm src/x.c @0<int main(void)>[ int a;][-int b;][+int bb;][ int c"
	    ";]", 0, 0 },
	{ "codex in a heredoc",
	    "```bash\napply_patch <<'EOF'\n*** Begin Patch\n"
	    "*** Update File: src/x.c\n@@ int main(void)\n int a;\n-int b;\n"
	    "+int bb;\n int c;\n*** End Patch\nEOF\n```\n",
	    "Cm src/x.c @0<int main(void)>[ int a;][-int b;][+int bb;][ int c"
	    ";]", 1, 0 },
	{ "codex in a bare heredoc",
	    "apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: src/x.c\n"
	    "@@ int main(void)\n int a;\n-int b;\n+int bb;\n int c;\n"
	    "*** End Patch\nEOF\n",
	    "Cm src/x.c @0<int main(void)>[ int a;][-int b;][+int bb;][ int c"
	    ";]", 0, 0 },
	{ "codex, no hunk header",
	    "```diff\n*** Begin Patch\n*** Update File: src/x.c\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n*** End Patch\n```\n",
	    "Cm src/x.c @0[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "codex, nested anchors",
	    "```diff\n*** Begin Patch\n*** Update File: src/x.c\n@@ class A\n"
	    "@@ def f(self):\n int a;\n-int b;\n+int bb;\n int c;\n"
	    "*** End Patch\n```\n",
	    "Cm src/x.c @0<class A><def f(self):>[ int a;][-int b;][+int bb;]"
	    "[ int c;]", 1, 0 },
	{ "codex, add, delete, move",
	    "```diff\n*** Begin Patch\n*** Add File: n.c\n+int n;\n+\n"
	    "*** Delete File: o.c\n*** Update File: ./p.c\n*** Move to: q.c\n"
	    "@@\n-a\n+b\n*** End Patch\n```\n",
	    "Cc n.c @0[+int n;][+]; Cd o.c; Cr p.c q.c @0[-a][+b]", 1, 0 },
	{ "codex, move alone",
	    "```diff\n*** Begin Patch\n*** Update File: p.c\n"
	    "*** Move to: q.c\n*** End Patch\n```\n",
	    "Cr p.c q.c", 1, 0 },
	{ "codex, end of file",
	    "```diff\n*** Begin Patch\n*** Update File: p.c\n@@\n a\n+b\n"
	    "*** End of File\n*** End Patch\n```\n",
	    "Cm p.c @0![ a][+b]", 1, 0 },
	{ "codex, several hunks",
	    "```diff\n*** Begin Patch\n*** Update File: p.c\n@@\n a\n-b\n+c\n"
	    "\n d\n@@ f()\n-e\n*** End Patch\n```\n",
	    "Cm p.c @0[ a][-b][+c][ ][ d] @0<f()>[-e]", 1, 0 },
	{ "codex without its end",
	    "```diff\n*** Begin Patch\n*** Update File: src/x.c\n"
	    "@@ int main(void)\n int a;\n-int b;\n+int bb;\n int c;\n```\n",
	    "!line 9 of the answer: the answer ends in the middle of this pat"
	    "ch: it has no \"*** End Patch\"", 1, 0 },
	{ "codex without its begin",
	    "```diff\n*** Update File: src/x.c\n@@ int main(void)\n int a;\n"
	    "-int b;\n+int bb;\n int c;\n*** End Patch\n```\n",
	    "Cm src/x.c @0<int main(void)>[ int a;][-int b;][+int bb;][ int c"
	    ";]", 1, 0 },
	{ "codex with prose inside",
	    "```diff\n*** Begin Patch\n*** Update File: p.c\nwords\n"
	    "*** End Patch\n```\n",
	    "!line 4 of the answer: a line of a hunk begins with ' ', '-' or "
	    "'+'", 1, 0 },
	{ "codex, numbers in the header",
	    "```diff\n*** Begin Patch\n*** Update File: src/x.c\n"
	    "@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int bb;\n int c;\n"
	    "*** End Patch\n```\n",
	    "Cm src/x.c @1[ int a;][-int b;][+int bb;][ int c;]", 1, 0 },
	{ "whole, info string",
	    "```c src/x.c\nint main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, colon",
	    "```c:src/x.c\nint main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, key",
	    "```c title=\"src/x.c\"\nint main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, braces",
	    "```c {filename=src/x.c}\nint main(void)\n{\n\treturn 0;\n}\n"
	    "```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, bold above",
	    "**src/x.c**\n```c\nint main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, bold, blank line",
	    "**`src/x.c`**\n\n```c\nint main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, heading, blank line",
	    "### `src/x.c`\n\n```c\nint main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, numbered heading",
	    "### 1. `src/x.c` (new file)\n\n```c\nint main(void)\n{\n"
	    "\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, label",
	    "File: src/x.c\n```c\nint main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, label in Russian",
	    "Файл: `src/x.c`\n\n```c\nint main(void)\n{\n\treturn 0;\n}\n"
	    "```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, label in Chinese",
	    "文件：src/x.c\n\n```c\nint main(void)\n{\n\treturn 0;\n}\n"
	    "```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, announced",
	    "Here is the new `src/x.c`:\n\n```c\nint main(void)\n{\n"
	    "\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, announced in Russian",
	    "Вот полный новый файл `src/x.c`:\n\n```c\n"
	    "int main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, announced in Chinese",
	    "以下是完整的 `src/x.c`：\n\n```c\nint main(void)\n{\n"
	    "\treturn 0;\n}\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "an excerpt",
	    "In `src/x.c`, change the loop:\n\n```c\nint main(void)\n{\n"
	    "\treturn 0;\n}\n```\n",
	    "", 1, 0 },
	{ "an excerpt that is new",
	    "Add this new function to `src/x.c`:\n\n```c\nint main(void)\n{\n"
	    "\treturn 0;\n}\n```\n",
	    "", 1, 0 },
	{ "an excerpt in Russian",
	    "Добавьте эту функцию в `src/x.c`:\n\n```c\n"
	    "int main(void)\n{\n\treturn 0;\n}\n```\n",
	    "", 1, 0 },
	{ "an excerpt, remark",
	    "**`src/x.c`** (excerpt)\n```c\nint main(void)\n{\n\treturn 0;\n"
	    "}\n```\n",
	    "", 1, 0 },
	{ "an excerpt, lines",
	    "```c src/x.c lines=10-20\nint main(void)\n{\n\treturn 0;\n}\n"
	    "```\n",
	    "", 1, 0 },
	{ "output",
	    "Run it, `make test` says:\n\n```\nok 1\nok 2\n```\n",
	    "", 1, 0 },
	{ "a command with a path",
	    "Then compile `src/x.c`:\n```sh\ncc -c src/x.c\n```\n",
	    "", 1, 0 },
	{ "a command under a comment",
	    "```sh\n# package.json\nnpm install\n```\n",
	    "", 1, 0 },
	{ "whole, comment",
	    "```c\n// src/x.c\nint main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Wm src/x.c (// src/x.c) {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, comment of Python",
	    "```python\n# src/x.py\nprint(1)\n```\n",
	    "Wm src/x.py (# src/x.py) {print(1)\n}", 1, 0 },
	{ "whole, comment of HTML",
	    "```html\n<!-- web/x.html -->\n<p>\n```\n",
	    "Wm web/x.html (<!-- web/x.html -->) {<p>\n}", 1, 0 },
	{ "a comment that says more",
	    "```python\n# see src/x.py\nprint(1)\n```\n",
	    "", 1, 0 },
	{ "whole, Markdown with fences of its own",
	    "```md R.md\n# T\n\n```sh\nmake\n```\n\nend\n```\n",
	    "Wm R.md {# T\n\n```sh\nmake\n```\n\nend\n}", 1, 0 },
	{ "whole, Markdown in a longer fence",
	    "````md R.md\n# T\n\n```\nmake\n```\n\nend\n````\n",
	    "Wm R.md {# T\n\n```\nmake\n```\n\nend\n}", 1, 0 },
	{ "whole, Markdown, tildes",
	    "~~~md R.md\n# T\n\n```\nmake\n```\n~~~\n",
	    "Wm R.md {# T\n\n```\nmake\n```\n}", 1, 0 },
	{ "whole, Markdown, unclear",
	    "```md R.md\n# T\n\n```\nmake\n```\n\nend\n```\n",
	    "?line 1 of the answer: R.md holds fences and needs a longer one "
	    "around it", 1, 0 },
	{ "whole, code with a fence in it",
	    "```py x.py\ns = '''\n```\nx\n```\n'''\n```\n",
	    "?line 1 of the answer: x.py holds fences and needs a longer one "
	    "around it", 1, 0 },
	{ "whole, not closed",
	    "```c src/x.c\nint main(void)\n{\n\treturn 0;\n}\n",
	    "!line 1 of the answer: the answer ends in the middle of src/x.c:"
	    " its fence is not closed, or holds others and needs to be longer", 1, 0 },
	{ "whole, empty",
	    "```c src/x.c\n```\n",
	    "Wm src/x.c {}", 1, 0 },
	{ "whole, then output",
	    "```c src/x.c\nint main(void)\n{\n\treturn 0;\n}\n```\n\n"
	    "Output:\n\n```\nok\n```\n",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, no final newline in the reply",
	    "```c src/x.c\nint main(void)\n{\n\treturn 0;\n}\n```",
	    "Wm src/x.c {int main(void)\n{\n\treturn 0;\n}\n}", 1, 0 },
	{ "whole, two files",
	    "`a.c`\n```c\nint a;\n```\n\n`b.c`\n```c\nint b;\n```\n",
	    "Wm a.c {int a;\n}; Wm b.c {int b;\n}", 0, 0 },
	{ "mixed forms",
	    "```diff\n--- a/src/x.c\n+++ b/src/x.c\n@@ -1,3 +1,3 @@\n"
	    " int a;\n-int b;\n+int bb;\n int c;\n```\n\nsrc/y.c\n```diff\n"
	    "<<<<<<< SEARCH\nint b;\n=======\nint bb;\n>>>>>>> REPLACE\n```\n"
	    "\n```c src/z.c\nint main(void)\n{\n\treturn 0;\n}\n```\n",
	    "Dm src/x.c @1=[ int a;][-int b;][+int bb;][ int c;]; Bm src/y.c "
	    "@0[-int b;][+int bb;]; Wm src/z.c {int main(void)\n{\n"
	    "\treturn 0;\n}\n}", 0, 0 },
	{ "numbers before empty lines",
	    "src/x.c\n```diff\n<<<<<<< SEARCH\n 11 | int a;\n 12 | \n"
	    " 13 | int b;\n=======\n 11 | int aa;\n 12 | \n 13 | int b;\n"
	    ">>>>>>> REPLACE\n```\n",
	    "Bm src/x.c @0[-# 11 | #int a;][+# 11 | #int aa;][ # 12 | #][ # 1"
	    "3 | #int b;]", 1, 0 },
	{ "a NUL in a name",
	    "```diff\n--- /dev/null\n+++ \"b/x\\000y.txt\"\n@@ -0,0 +1 @@\n"
	    "+x\n```\n",
	    "*line 2 of the answer: a control character in the name of a file", 1, 0 },
	{ "a newline in a name",
	    "```diff\n--- /dev/null\n+++ \"b/x\\ny.txt\"\n@@ -0,0 +1 @@\n+x\n"
	    "```\n",
	    "*line 2 of the answer: a control character in the name of a file", 1, 0 },
	{ "a path of Windows",
	    "```text ..\\evil.txt\nx\n```\n",
	    "*line 1 of the answer: ..\\evil.txt: a backslash in a path", 1, 0 },
	{ "a word that may be a name",
	    "fresh\n```\nx\n```\n",
	    "?line 1 of the answer: is this the name of the file that follows"
	    "?", 1, 0 },
	{ "a word that is none",
	    "output\n```\nx\n```\nResult\n```\nx\n```\n",
	    "", 1, 0 },
	{ "a bell in a path",
	    "```text bell\a.sh\nx\n```\n",
	    "*line 1 of the answer: a control character in the name of a file", 1, 0 },
	{ "a mode that is none",
	    "```diff\ndiff --git a/n.c b/n.c\nnew file mode 104755\n"
	    "--- /dev/null\n+++ b/n.c\n@@ -0,0 +1 @@\n+int a;\n```\n",
	    "?line 3 of the answer: no mode that a file may have", 1, 0 },
	{ "a short mode",
	    "```diff\ndiff --git a/n.c b/n.c\nnew file mode 0755\n"
	    "--- /dev/null\n+++ b/n.c\n@@ -0,0 +1 @@\n+int a;\n```\n",
	    "Dc n.c 100755 @1=[+int a;]", 1, 0 },
	{ "just prose",
	    "Nothing to change; `src/x.c` is fine - see @@ and --- there.\n",
	    "", 1, 0 },
	{ "prose with a rule",
	    "One\n\n---\n\nTwo\n+++ three\n",
	    "", 1, 0 },
	{ 0 },
};

#endif
