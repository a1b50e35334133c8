#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-commit: exactly the patch, in its author's name, or a clear refusal.
. "${0%/*}/lib.sh"

# What a member says: its diff, as it is when it is asked.
cat >"$T/answer" <<'A'
echo 'Mend it.'
echo
echo '```diff'
cat "$1"
echo '```'
A

# array NAME...: members that answer with the diff in $T/NAME.diff.
array() {
	sep=
	{
		printf '{"members": {'
		for m_; do
			printf '%s"%s": {"provider": "exec", ' "$sep" "$m_"
			printf '"command": ["sh", "%s/answer", "%s/%s.diff"]}' \
			    "$T" "$T" "$m_"
			sep=', '
		done
		printf '}}\n'
	} >.raid/array.json
}

# fresh NAME: a repository with raid in it, and we are there.
fresh() {
	cd "$T" && repo "$1" && cd "$1" && mkdir sub &&
	    printf 'a\nb\nc\n' >sub/f && printf 'x\n' >other &&
	    git add . && git commit -q -m 'more' && raid-init >/dev/null &&
	    array bot
}

cat >"$T/bot.diff" <<'D'
--- a/hello.sh
+++ b/hello.sh
@@ -1,2 +1,2 @@
 #!/bin/sh
-echo hello
+echo "hello"
D

# tested [MEMBER [COMMAND]]: the verdict on a member's patch.
tested() {
	raid-post "@${1:-bot} please" | raid-broadcast | raid-patch |
	    raid-test - -- "${2:-true}"
}

fresh one
if ! raid-test -- true >"$out" 2>"$err"; then
	plan_skip "no sandbox here: $(head -n 1 "$err")"
fi

echo dirty >other
echo new >untracked
git add untracked
before=$(git status --porcelain)
v=$(tested)
c=$(echo "$v" | raid-commit -y)
like 'it prints the tag of the commit post' "$c" '^post_[0-9_]+$'
is 'status is the same before and after' "$(git status --porcelain)" "$before"
is 'one commit more' "$(git rev-list --count HEAD)" 3
is 'the author is the member' "$(git log -1 --format='%an <%ae>')" \
    'bot <bot@raid.invalid>'
is 'the committer is git'"'"'s own' "$(git log -1 --format=%cn)" Tester
a=$(raid-show -j -a bot | sed -n '1s/.*"tag":"\([^"]*\)".*/\1/p')
is 'the subject links to the answer' "$(git log -1 --format=%s)" \
    "From bot: Mend it (chat_id=$a)"
like 'trailer Raid-Post' "$(git log -1 --format=%b)" "^Raid-Post: $a\$"
like 'trailer Raid-Member' "$(git log -1 --format=%b)" '^Raid-Member: bot$'
like 'trailer Raid-Verdict' "$(git log -1 --format=%b)" "^Raid-Verdict: $v\$"
is 'only the patch is in it' \
    "$(git diff --name-only HEAD~1 HEAD)" hello.sh
is 'the work tree has it' "$(tail -n 1 hello.sh)" 'echo "hello"'
ok 'the file stays executable' test -x hello.sh
like 'the reflog knows' "$(git reflog -1)" 'commit: From bot'
ok 'the repository is sound' git fsck --strict
is 'a second run prints the old commit' "$(raid-commit -y "$v")" "$c"
is 'and commits nothing' "$(git rev-list --count HEAD)" 3

fresh refuse
v=$(tested)
echo '# mine' >>hello.sh
exits 1 raid-commit -y "$v"
like 'a dirty path names raid-patch -w' "$(cat "$err")" 'raid-patch -w'
git add hello.sh
git show HEAD:hello.sh >hello.sh
exits 1 raid-commit -y "$v"
git reset -q --hard
chmod -x hello.sh
exits 1 raid-commit -y "$v"
git reset -q --hard
git checkout -q -b side HEAD
echo side >other
git commit -q -am side
git checkout -q main
echo main >other
git commit -q -am main
git merge -q side >/dev/null 2>&1
exits 1 raid-commit -y "$v"
like 'a merge is named' "$(cat "$err")" 'merge'
git merge --abort
echo 'exit 0' >>.git/hooks/pre-commit
chmod +x .git/hooks/pre-commit
exits 78 raid-commit -y "$v"
like 'the hook is named' "$(cat "$err")" 'pre-commit.*--no-verify'
rm .git/hooks/pre-commit
git config commit.gpgsign true
exits 78 raid-commit -y "$v"
git config --unset commit.gpgsign
mv "$HOME/.gitconfig" "$HOME/.gitconfig.away"
exits 78 raid-commit -y "$v"
like 'the commands for an identity' "$(cat "$err")" 'git config.*user.name'
mv "$HOME/.gitconfig.away" "$HOME/.gitconfig"
exits 75 setsid raid-commit "$v" </dev/null
like 'how to go on without a person' "$(cat "$err")" 'raid-commit -y post_'
RAID_ACTOR=bot; export RAID_ACTOR
exits 77 raid-commit -y "$v"
exits 77 raid-commit "$v"
unset RAID_ACTOR
exits 0 raid-commit -n "$v"
is 'nothing was committed by all that' "$(git log --format=%an | grep -c bot)" 0
exits 0 raid-commit -y "$v"
is 'HEAD moved elsewhere is no obstacle' "$(git log -1 --format=%an)" bot

fresh moved
v=$(tested)
echo '# more' >>hello.sh
git commit -q -am 'touch it'
exits 1 raid-commit -y "$v"
like 'HEAD has moved' "$(cat "$err")" 'HEAD has moved'

fresh written
v=$(tested)
exits 0 raid-patch -w "$v"
is 'a patch can be written to the work tree' "$(git status --porcelain)" \
    ' M hello.sh'
exits 0 raid-patch -w "$v"
like 'and is written once' "$(cat "$err")" 'written already'
exits 0 raid-commit -y "$v"
is 'and committed then' "$(git status --porcelain)" ''
exits 0 raid-patch -w "$v"

fresh notyet
p=$(raid-post '@bot please' | raid-broadcast | raid-patch)
exits 1 raid-commit -y "$p"
like 'an untested patch names raid-test' "$(cat "$err")" "raid-test $p"
v=$(tested bot false)
exits 1 raid-commit -y "$v"
exits 1 raid-commit -y </dev/null
is 'an empty pipe is silent' "$(cat "$err")" ''
exits 65 raid-commit -y last@dev
exits 66 raid-commit -y post_1

fresh worktree
git worktree add -q -b wt ../wt
cd ../wt || exit 1
v=$(tested)
exits 0 raid-commit -y "$v"
is 'a linked worktree: its own branch moved' "$(git log -1 --format=%an wt)" bot
is 'and not the main one' "$(git log -1 --format=%an main)" Tester
is 'its status is clean' "$(git status --porcelain)" ''
cd ../worktree || exit 1
git checkout -q --detach
v=$(raid-post '@bot again' | raid-broadcast | raid-patch | raid-test - -- true)
exits 0 raid-commit -y "$v"
is 'a detached HEAD moves' "$(git log -1 --format=%an)" bot
is 'and stays detached' "$(git symbolic-ref -q HEAD)" ''

# Creating, deleting and renaming, in and out of folders.
cat >"$T/bot.diff" <<'D'
diff --git a/deep/er/new b/deep/er/new
new file mode 100755
--- /dev/null
+++ b/deep/er/new
@@ -0,0 +1 @@
+made
diff --git a/sub/f b/sub/f
deleted file mode 100644
--- a/sub/f
+++ /dev/null
@@ -1,3 +0,0 @@
-a
-b
-c
diff --git a/other b/third
rename from other
rename to third
--- a/other
+++ b/third
@@ -1 +1 @@
-x
+y
D
fresh tree
v=$(tested)
exits 0 raid-commit -y "$v"
is 'the tree of the commit' "$(git ls-tree -r --name-only HEAD)" \
    "$(printf 'deep/er/new\nhello.sh\nthird')"
is 'the mode' "$(git ls-tree HEAD deep/er/new | cut -c 1-6)" 100755
is 'an empty folder is gone' "$(ls -d sub 2>/dev/null)" ''
is 'the work tree agrees' "$(git status --porcelain)" ''
ok 'no empty tree is left' git fsck --strict

# Rivals.
cat >"$T/bot.diff" <<'D'
--- a/other
+++ b/other
@@ -1 +1,3 @@
 x
+much
+more
D
cat >"$T/tiny.diff" <<'D'
--- a/other
+++ b/other
@@ -1 +1 @@
-x
+z
D
fresh rivals
array bot tiny
v=$(raid-post '@bot please' | raid-broadcast -m bot -m tiny | sort | raid-patch |
    raid-test - -- true)
# shellcheck disable=SC2086 # a list of tags
exits 0 raid-commit -y --pick smallest $v
is 'the smallest one is taken' "$(cat other)" z
like 'the other one is named' "$(cat "$err")" 'passed too'
fresh first
array bot tiny
q=$(raid-post '@bot please')
v=$(for m in tiny bot; do raid-broadcast -m $m "$q"; done | raid-patch |
    raid-test - -- true)
# shellcheck disable=SC2086 # a list of tags
exits 0 raid-commit -y $v
is 'the first in input order is taken' "$(cat other)" z

fresh person
printf '{"patch": "allow", "test": "allow", "exec": "allow",
    "commit": {"do": "allow", "author": "person"}}' >.raid/policy.json
array tiny
v=$(tested tiny true)
exits 0 raid-commit "$v"
is 'the policy may name the person as author' "$(git log -1 --format=%an)" Tester

cd "$T" && repo ru && cd ru && echo x >other && git add . &&
    git commit -q -m x && raid-init --language ru >/dev/null && array tiny
v=$(tested tiny true)
exits 0 raid-commit -y "$v"
like 'the subject is in the language of the journal' \
    "$(git log -1 --format=%s)" '^От tiny: '
plan
