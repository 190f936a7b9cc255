#!/usr/bin/env bash
# Builds the host of the previous release, whose commit is in deploy/previous-release, unless that was done before. Prints its path.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
commit=$(<"$root/deploy/previous-release")
folder=$root/.swiper/previous/$commit

fail() { echo "swiper: $*" >&2; exit 1; }
of_clone() { git -c safe.directory="$root" -C "$root" "$@"; }

mkdir -p "$root/.swiper/previous"
exec 9>"$root/.swiper/previous/lock"
flock 9
if [ ! -f "$folder/built" ]; then
    # A shallow clone may lack it.
    of_clone cat-file -e "$commit^{commit}" 2>/dev/null || of_clone fetch --quiet --depth 1 origin "$commit" 2>/dev/null ||
        fail "the commit of the previous release, $commit, is not in this clone and can't be fetched;" \
            "get the whole history: git fetch --unshallow"
    rm -rf "$folder"
    mkdir "$folder"
    of_clone archive "$commit" | tar -x -C "$folder"
    dotnet build "$folder/src/Swiper.Host" -c Release --verbosity quiet >"$folder/build.log" 2>&1 || {
        cat "$folder/build.log" >&2
        fail "the previous release does not build"
    }
    touch "$folder/built"
fi
echo "$folder/src/Swiper.Host/bin/Release/net10.0/Swiper.Host.dll"
