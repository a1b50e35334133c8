#!/bin/sh
# SPDX-License-Identifier: ISC
# raid-post --import-chat: a pasted chat becomes posts with rising tags.
. "${0%/*}/lib.sh"

export RAID_JOURNAL="$T/j.db" RAID_NOW=1000
raid-init -J "$T/j.db" >"$out" || exit 1
# said FILE: what it becomes, "author|body" with newlines as slashes.
said() {
	raid-post --import-chat "$1" >tags 2>"$err" || return
	[ -s tags ] || return 0
	raid-show -j - <tags | sed 's/.*"author":"\([^"]*\)".*"body":"\(.*\)","meta".*/\1|\2/'
}

cat >chat <<'END'

dev: Hello, @grok!
How are you?

  Note: an indented line begins nothing.
grok: Fine.
See https://x.example: it is no name, nor is this: nothing.
**Аня:** bold
**claude**: bold, too
[14:05] dev: a time
(2026-11-21 14:06) grok: a date
14:07:09 dev: a bare time
12: a number is no name
grok:
```sh
dev: not in code
```
END
is 'a chat' "$(said chat)" 'dev|Hello, @grok!\nHow are you?\n\n  Note: an indented line begins nothing.
grok|Fine.\nSee https://x.example: it is no name, nor is this: nothing.
Аня|bold
claude|bold, too
dev|a time
grok|a date
dev|a bare time\n12: a number is no name
grok|```sh\ndev: not in code\n```'
is 'its tags rise' "$(tr '\n' ' ' <tags)" "post_1000 $(seq -f post_1000_%g \
    -s ' ' 2 8) "
is 'mentions count' "$(raid-show -j post_1000 | grep -c '"mentions":\["grok"\]')" 1
is 'the end of a fence' "$(printf 'a: ```c\nb: x\n```\nb: y\n' >chat; said chat)" \
    'a|```c\nb: x\n```
b|y'
is 'CRLF' "$(printf 'a: x\r\ny\r\nb: z\r\n' >chat; said chat)" 'a|x\r\ny
b|z'
is 'from standard input' "$(printf 'a: x' | raid-post --import-chat - |
    raid-show - | tail -n 1)" x
is 'who says nothing is named' "$(printf 'a: x\nb:\nc: y\n' >chat; said chat
    cat "$err")" 'a|x
c|y
raid-post: line 2: b says nothing'
n=$(raid-show | grep -c '^#')
printf '\nno name here\na: x\n' >chat
exits 65 raid-post --import-chat chat
like 'the line is named' "$(cat "$err")" \
    "^raid-post: chat: line 2: no 'name: text' stands there"
printf 'a: x\nb: \377\n' >chat
exits 65 raid-post --import-chat chat
like 'of a bad body, too' "$(cat "$err")" '^raid-post: chat: line 2: .* UTF-8'
exits 77 env RAID_ACTOR=a raid-post --import-chat chat
exits 66 raid-post --import-chat missing
is 'nothing was stored' "$(raid-show | grep -c '^#')" "$n"
: >empty
exits 0 raid-post --import-chat empty
i=0
while [ $i -lt 3000 ]; do
	i=$((i + 1))
	printf 'a: ```x```\n```y``` [%s\n' $i
done >chat
ok 'hostile text takes no time' timeout 20 raid-post --import-chat chat
plan
