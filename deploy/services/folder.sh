# shellcheck shell=bash
# The folder of an instance of ./swiper services, and the settings fixed when it is created.
# shellcheck disable=SC2154 # what services.sh gives

# Refuses a folder that holds unrelated files: `down --delete` would delete them.
make_folder() {
    if [ -e "$folder" ] && [ ! -e "$folder/services.conf" ] \
        && [ -n "$(find "$folder" -mindepth 1 ! -name lock ! -name services.conf.new -print -quit)" ]; then
        fail "$folder contains other files; services need a folder of their own"
    fi
}

# Only one `up` or `down` runs at a time. A concurrent `down --delete` may have deleted the folder while this one waited.
lock_folder() {
    mkdir -p -- "$(dirname -- "$folder")"
    while :; do
        (umask 077 && mkdir -p -- "$folder")
        exec 9>>"$folder/lock"
        flock 9
        [ "$folder/lock" -ef /proc/self/fd/9 ] && return
    done
}

# Reads the settings fixed by the first `up`; false if there was none.
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

# The requested settings must match those fixed earlier. Only the ports may change, while nothing is running, because a port conflict
# often shows at the first `up`.
settle_shape() {
    local asked_port=$base_port asked_shards=$shards asked_nodes=$redis_nodes name
    if read_shape; then
        local way_out="run services down --delete first, or use another --folder"
        [ "${asked_shards:-$shards}" = "$shards" ] || fail "$folder was created with --shards $shards; $way_out"
        [ "${asked_nodes:-$redis_nodes}" = "$redis_nodes" ] || fail "$folder was created with a single Redis; $way_out"
        [ "${asked_port:-$base_port}" != "$base_port" ] || return 0
        for name in $(server_names); do
            ! pid_of "$name" >/dev/null || fail "the services in $folder are running with --base-port $base_port; stop them first"
        done
        # nodes.conf holds the old ports of the other nodes.
        rm -f -- "$folder"/redis-*/nodes.conf
    fi
    base_port=${asked_port:-7410} shards=${shards:-2} redis_nodes=${redis_nodes:-1}
    printf '%s\n' "base_port=$base_port" "shards=$shards" "redis_nodes=$redis_nodes" > "$folder/services.conf.new"
    mv -- "$folder/services.conf.new" "$folder/services.conf"
}
