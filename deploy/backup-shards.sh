#!/usr/bin/env bash
# Dumps all shards of a cluster as they were at one moment, while its hosts serve: see "Backups of the cluster" in docs/operations.md.
#
#   deploy/backup-shards.sh DIR DATABASE OPTIONS...
#
# DIR is made, and is DIR.unfinished until it is whole: shard-0.sql, shard-1.sql, ... and SHA256SUMS. OPTIONS is an option file for each
# shard, in the order of Cluster:Shards, with [client] host, port, user and password (or socket): the account needs RELOAD besides SELECT
# on the database.
set -euo pipefail

# A host gives up a commit after Cluster:Deadline, 3 s by default.
lock_seconds=2
# In which each server must begin to dump, while no commit ends.
begin_seconds=10

fail() { echo "backup-shards: $*" >&2; exit 1; }

[ $# -ge 3 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
target=${1%/} database=$2
shift 2
options=("$@")
unfinished=$target.unfinished
client=$(command -v mariadb || command -v mysql) || fail "missing: mariadb or mysql"
dump=$(command -v mariadb-dump || command -v mysqldump) || fail "missing: mariadb-dump or mysqldump"
# MySQL's own would otherwise want to hold the servers itself.
gtid=()
[[ $("$dump" --help) != *set-gtid-purged* ]] || gtid=(--set-gtid-purged=OFF)
for file in "${options[@]}"; do [ -r "$file" ] || fail "$file can't be read"; done
[ ! -e "$target" ] || fail "$target already exists; choose another name"
mkdir -m 700 "$unfinished" || fail "$unfinished can't be made: delete what is left of a backup that was killed, or choose another name"

locks=() dumps=() says=() hears=()
end() {
    for process in "${dumps[@]}" "${locks[@]}"; do kill "$process" 2>/dev/null || true; done
    rm -rf -- "$unfinished"
}
trap end EXIT
trap 'exit 130' INT TERM

# 1. No commit ends on any shard while these sessions last: they end with what is written to them.
for shard in "${!options[@]}"; do
    mkfifo "$unfinished/say-$shard" "$unfinished/hear-$shard"
    "$client" --defaults-extra-file="${options[shard]}" --batch --skip-column-names --unbuffered \
        <"$unfinished/say-$shard" >"$unfinished/hear-$shard" &
    locks+=($!)
    exec {say}>"$unfinished/say-$shard" {hear}<"$unfinished/hear-$shard"
    says+=("$say") hears+=("$hear")
done
for shard in "${!options[@]}"; do
    echo "SET lock_wait_timeout = $lock_seconds; FLUSH TABLES WITH READ LOCK; SELECT 'held';" >&"${says[shard]}"
done
for shard in "${!options[@]}"; do
    read -r -t $((lock_seconds + 3)) answer <&"${hears[shard]}" && [ "$answer" = held ] ||
        fail "shard $shard could not be held: a statement there takes longer than $lock_seconds s, or the account lacks RELOAD"
done
moment=$(date -u +%FT%TZ)

# 2. Each dump begins a transaction of this moment before it writes the first table.
for shard in "${!options[@]}"; do
    (
        # A session ends once nobody can write to it any more.
        for say in "${says[@]}"; do exec {say}>&-; done
        exec "$dump" --defaults-extra-file="${options[shard]}" --single-transaction --skip-lock-tables --quick --hex-blob \
            --no-tablespaces "${gtid[@]}" "$database" >"$unfinished/shard-$shard.sql"
    ) &
    dumps+=($!)
done
for shard in "${!options[@]}"; do
    for ((tenths = 0; ; tenths++)); do
        ! grep -qm1 '^-- Table structure' "$unfinished/shard-$shard.sql" || break
        kill -0 "${dumps[shard]}" 2>/dev/null || break
        ((tenths < 10 * begin_seconds)) || fail "the dump of shard $shard has not begun within $begin_seconds s"
        sleep 0.1
    done
done

# 3. Commits go on; the dumps see none of them.
for say in "${says[@]}"; do exec {say}>&-; done
for process in "${locks[@]}"; do wait "$process" || fail "a server was lost while all were held: they may be of different moments"; done
locks=()
rm -f "$unfinished"/say-* "$unfinished"/hear-*

# 4. Whole, or nothing.
for shard in "${!options[@]}"; do
    wait "${dumps[shard]}" || fail "the dump of shard $shard failed"
    tail -n 1 "$unfinished/shard-$shard.sql" | grep -q '^-- Dump completed' || fail "the dump of shard $shard is not whole"
done
dumps=()
(cd "$unfinished" && sha256sum shard-*.sql >SHA256SUMS)
sync "$unfinished"/* "$unfinished"
mv -T -- "$unfinished" "$target"
trap - EXIT
echo "$target: ${#options[@]} shards, as of $moment"
