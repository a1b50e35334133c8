/* SPDX-License-Identifier: ISC */
/* What stands around the edits of a reply. */
#include "cases.h"

static const char *const words[][3] = {
	{ "Sure! The problem is in `%s`: the value is not checked before it is "
	  "used.  Here is the change:\n",
	  "The second part follows from the first (see `%s`):\n",
	  "With this the tests should pass.  Let me know if anything is "
	  "unclear.\n" },
	{ "Вот исправление для `%s`. Я изменил только то, что нужно:\n",
	  "Ещё одно место, на этот раз в `%s`:\n",
	  "После этого всё должно работать. Проверьте, пожалуйста.\n" },
	{ "Der Fehler steckt in `%s`. So sieht die Änderung aus:\n",
	  "Dazu gehört auch noch `%s`:\n",
	  "Damit läuft es; die übrigen Stellen habe ich nicht angefasst.\n" },
	{ "问题出在 `%s`。修改如下：\n",
	  "另外还需要修改 `%s`：\n",
	  "这样就可以了。如有问题请告诉我。\n" },
	{ "El problema está en `%s`. Aquí tienes el parche:\n",
	  "También hay que cambiar `%s`:\n",
	  "Con esto debería funcionar; avísame si algo falla.\n" },
	{ "Voici la correction, dans `%s` :\n",
	  "Ensuite, dans `%s` :\n",
	  "Je n'ai rien changé d'autre.\n" },
	{ "`%s` を次のように修正します。\n",
	  "次に `%s` です。\n",
	  "以上です。テストも通るはずです。\n" },
	{ "## Summary\n\n- fixes the report\n- touches `%s` where needed\n",
	  "### Next: `%s`\n",
	  "1. apply\n2. run the tests\n3. done\n" }
};

void
prose(struct make *m, int where, const char *path)
{
	struct str s;

	if (m->no_prose)
		return;
	s = replace(str(words[(size_t)m->lang % (sizeof(words) /
	    sizeof(*words))][where]), "%s", path);
	put(&m->o, s.p, s.n);
	puts_(&m->o, "\n");
}
