#!/bin/sh
# Copy the files of a folder to a folder of today's date.
# usage: backup.sh FROM TO
set -eu
from=$1
day=$2/$(date +%F)

mkdir -p "$day"
for file in "$from"/*; do
	[ -f "$file" ] || continue
	cp -p $file "$day/"
done
echo "$day"
