/* SPDX-License-Identifier: ISC */
/*
 * sql FILE SQL: run statements on a database and print rows, columns parted
 * by '|', as the sqlite3 shell does, which need not be installed for tests.
 * readfile(path) and writefile(path, data) are there, too.
 */
#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

static void
readfile(sqlite3_context *c, int n, sqlite3_value **v)
{
	static char data[4 << 20];
	FILE *f = fopen((const char *)sqlite3_value_text(v[0]), "rb");

	(void)n;
	if (f == NULL)
		return;
	n = (int)fread(data, 1, sizeof(data), f);
	fclose(f);
	sqlite3_result_blob(c, data, n, SQLITE_TRANSIENT);
}

static void
writefile(sqlite3_context *c, int n, sqlite3_value **v)
{
	FILE *f = fopen((const char *)sqlite3_value_text(v[0]), "wb");

	n = sqlite3_value_bytes(v[1]);
	if (f == NULL || fwrite(sqlite3_value_blob(v[1]), 1, (size_t)n, f) !=
	    (size_t)n || fclose(f) == EOF)
		sqlite3_result_error(c, "writefile", -1);
	else
		sqlite3_result_int(c, n);
}

static int
row(void *arg, int n, char **v, char **names)
{
	(void)arg;
	(void)names;
	for (int i = 0; i < n; i++)
		printf("%s%s", i > 0 ? "|" : "", v[i] != NULL ? v[i] : "");
	putchar('\n');
	return 0;
}

int
main(int argc, char **argv)
{
	sqlite3 *db = NULL;
	char *why = NULL;
	int r;

	if (argc != 3)
		return 64;
	r = sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL);
	if (r == SQLITE_OK) {
		sqlite3_busy_timeout(db, 10000);
		sqlite3_create_function(db, "readfile", 1, SQLITE_UTF8, NULL,
		    readfile, NULL, NULL);
		sqlite3_create_function(db, "writefile", 2, SQLITE_UTF8, NULL,
		    writefile, NULL, NULL);
		r = sqlite3_exec(db, argv[2], row, NULL, &why);
	}
	if (r != SQLITE_OK)
		fprintf(stderr, "sql: %s: %s\n", argv[1], why != NULL ? why :
		    sqlite3_errmsg(db));
	sqlite3_free(why);
	sqlite3_close(db);
	return r != SQLITE_OK;
}
