# shellcheck shell=bash
# ./swiper services: private MariaDB servers and Redis for development and tests. The script `swiper` sources this file and gives it
# `root`, `fail`, `refuse`, `print_help` and `need_services`.
#
#   folder.sh   the folder of an instance, and the settings fixed when it is created
#   server.sh   what the servers have in common: process, port, start and stop
#   mariadb.sh  how a MariaDB server is installed, started and probed
#   redis.sh    the same for Redis, and how nodes form a cluster
#

# shellcheck disable=SC2154 # what swiper gives

# shellcheck source=deploy/services/folder.sh
source "$root/deploy/services/folder.sh"
# shellcheck source=deploy/services/server.sh
source "$root/deploy/services/server.sh"
# shellcheck source=deploy/services/mariadb.sh
source "$root/deploy/services/mariadb.sh"
# shellcheck source=deploy/services/redis.sh
source "$root/deploy/services/redis.sh"

services() {
    local command=${1-} folder="$root/.swiper/services" base_port='' shards='' redis_nodes='' delete=0
    [ $# -gt 0 ] && shift
    case $command in
        up|down|status) ;;
        '') print_help services; return;;
        *) refuse "unknown services command '$command'; use up, status or down";;
    esac
    while [ $# -gt 0 ]; do
        case $command$1 in
            *--folder) [ -n "${2-}" ] || refuse "--folder needs a folder"; folder=$2; shift 2;;
            up--base-port) base_port=$(number_within "$1" "${2-}" 1024 65000); shift 2;;
            up--shards) shards=$(number_within "$1" "${2-}" 1 10); shift 2;;
            up--redis-cluster) redis_nodes=3; shift;;
            down--delete) delete=1; shift;;
            *) refuse "services $command: unknown option '$1'";;
        esac
    done
    folder=$(realpath -m -- "$folder")
    "services_$command"
}

number_within() { # option value least most
    { [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] && [ "$2" -ge "$3" ] && [ "$2" -le "$4" ]; } || refuse "$1 needs a number from $3 to $4"
    echo "$2"
}

services_up() {
    need_services
    make_folder
    lock_folder
    settle_shape
    ensure_mysql_account
    local name launched=' '
    for name in $(server_names); do
        if pid_of "$name" >/dev/null; then
            kill -CONT "$(pid_of "$name")" 2>/dev/null || true
        else
            start_server "$name"
            launched+="$name "
        fi
    done
    for name in $(server_names); do await_answer "$name"; done
    [ "$redis_nodes" = 1 ] || join_redis_cluster
    mysql_settings
    redis_settings
}

services_status() {
    read_shape || fail "no services in $folder"
    local name state pid all=0
    printf '%-8s %5s %8s  %s\n' server port pid state
    for name in $(server_names); do
        state=down
        pid=$(pid_of "$name") || pid=-
        if [ "$pid" != - ]; then
            if suspended "$pid"; then state=suspended
            elif answers "$name"; then state=up
            else state='not answering'; fi
        fi
        [ "$state" = up ] || all=1
        printf '%-8s %5s %8s  %s\n' "$name" "$(port_of "$name")" "$pid" "$state"
    done
    return $all
}

services_down() {
    if ! read_shape; then
        [ "$delete" = 0 ] || [ ! -e "$folder" ] || fail "$folder was not created by services up; not deleting it"
        return 0
    fi
    lock_folder
    local name
    for name in $(server_names); do signal_server TERM "$name"; done
    for name in $(server_names); do await_end "$name"; done
    [ "$delete" = 0 ] || rm -rf -- "$folder"
}
