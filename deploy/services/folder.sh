# shellcheck shell=bash
# The folder of an instance of ./swiper services, and what is fixed when it is made.
# shellcheck disable=SC2154 # what services.sh gives

# A folder of other things must never become one that `down --delete` deletes.
make_folder() {
    if [ -e "$folder" ] && [ ! -e "$folder/services.conf" ] && [ -n "$(find "$folder" -mindepth 1 ! -name lock ! -name services.conf.new -print -quit)" ]; then
        fail "$folder holds other things: services need a folder of their own"
    fi
}

# One `up` or `down` at a time. Another `down --delete` may have taken the folder away while this one waited.
lock_folder() {
    mkdir -p -- "$(dirname -- "$folder")"
    while :; do
        (umask 077 && mkdir -p -- "$folder")
        exec 9>>"$folder/lock"
        flock 9
        [ "$folder/lock" -ef /proc/self/fd/9 ] && return
    done
}

# What was fixed at the first `up`; false where there was none.
read_shape() {
    local key value
    [ -f "$folder/services.conf" ] || return 1
    while IFS='=' read -r key value; do
        case $key in
            base_port) base_port=$value;;
            shards) shards=$value;;
            redis_nodes) redis_nodes=$value;;
        esac
    done < "$folder/services.conf"
}

# What is asked for now must agree with what was fixed. Ports alone may change while nothing runs: a port in use is often found at
# the first `up`.
settle_shape() {
    local asked_port=$base_port asked_shards=$shards asked_nodes=$redis_nodes name
    if read_shape; then
        local way_out="down --delete it first, or use another --folder"
        [ "${asked_shards:-$shards}" = "$shards" ] || fail "$folder was made with --shards $shards: $way_out"
        [ "${asked_nodes:-$redis_nodes}" = "$redis_nodes" ] || fail "$folder was made with one Redis: $way_out"
        [ "${asked_port:-$base_port}" != "$base_port" ] || return 0
        for name in $(server_names); do
            ! pid_of "$name" >/dev/null || fail "the services in $folder run with --base-port $base_port: stop them first"
        done
        # The nodes would look for each other at the old ports.
        rm -f -- "$folder"/redis-*/nodes.conf
    fi
    base_port=${asked_port:-7410} shards=${shards:-2} redis_nodes=${redis_nodes:-1}
    printf '%s\n' "base_port=$base_port" "shards=$shards" "redis_nodes=$redis_nodes" > "$folder/services.conf.new"
    mv -- "$folder/services.conf.new" "$folder/services.conf"
}
